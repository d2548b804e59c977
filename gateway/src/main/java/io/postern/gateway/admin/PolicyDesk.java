package io.postern.gateway.admin;

import io.postern.config.document.Problem;
import io.postern.config.policy.PolicyDiff;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Shows, tries out and replaces policy. Reads files and judges, so never on an event loop. */
public interface PolicyDesk {

    /**
     * The policy in force.
     *
     * @param managed whether it can be replaced here
     * @param current whether the documents are what is in force; false while they do not read
     */
    record Shown(String version, boolean managed, boolean current, List<Document> documents) {}

    /** @param content absent when all of them together would be too much */
    record Document(String name, long bytes, Optional<String> content) {}

    /**
     * What another policy changes.
     *
     * @param changes of apps, rules and so on, by what they are called in policy files
     * @param warnings as {@code check} would tell them
     */
    record Change(
            String current,
            String proposed,
            boolean applied,
            Map<String, PolicyDiff.Changes> changes,
            LiveEffect liveFlows,
            List<Problem> warnings) {}

    /**
     * What live flows get from it.
     *
     * @param judged how many were asked about
     * @param otherwise how many get another verdict
     * @param ended how many of those it ends
     */
    record LiveEffect(long judged, long otherwise, long ended) {}

    /** How an attempt to replace it ended. */
    enum End {
        TRIED,
        APPLIED,
        /** It does not read; nothing has changed. */
        INVALID,
        /** Another policy is in force than the one that was to be replaced. */
        STALE,
        /** The audit log cannot be written; nothing has changed. */
        NOT_AUDITED,
        /** It is in force, but the audit log could not be told that it is. */
        END_NOT_AUDITED,
        /** It could not be stored; the old one stays. */
        FAILED
    }

    /** @param version in force now */
    record Result(End end, String version, Optional<Change> change, List<Problem> problems) {}

    Shown show();

    boolean managed();

    /** What would change. */
    Result tryOut(byte[] document);

    /** @param ifMatch versions of which one must be in force; empty: any */
    Result replace(byte[] document, Optional<Set<String>> ifMatch, Sender sender);

    /** Writes down that somebody wanted to replace it and may not; whether it is on the disk. */
    boolean refused(Sender sender);
}
