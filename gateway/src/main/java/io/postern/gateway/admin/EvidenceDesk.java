package io.postern.gateway.admin;

import io.postern.gateway.capture.CaptureFolder;
import java.util.List;

/** Puts together what may be handed to others, signed. */
public interface EvidenceDesk {

    /** How asking for a bundle ended. */
    enum End {
        DONE,
        /** There is no such finding. */
        ABSENT,
        /** The audit log cannot be written; nothing is handed over. */
        NOT_AUDITED,
        /** What it is made of could not be read. */
        FAILED
    }

    /** @param bundle a ZIP; empty unless it is done */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares bundles.
    record Result(End end, byte[] bundle) {}

    /** Everything about a finding. */
    Result finding(String uid, Sender sender);

    /** What each analytic could see, now and hour by hour as long as it is kept. */
    Result coverage();

    /** Of apps that have findings, oldest first. */
    List<CaptureFolder.Capture> captures();

    /** What was captured for a finding; absent too where nothing was. */
    Result capture(String uid, Sender sender);

    /** What signatures are verified by, PEM. */
    String publicKey();

    /** Writes down that somebody wanted a finding's and may not; whether it is on the disk. */
    boolean refused(String uid, Sender sender);
}
