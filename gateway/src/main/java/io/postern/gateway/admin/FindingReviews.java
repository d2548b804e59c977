package io.postern.gateway.admin;

import io.postern.analytics.finding.Campaign;
import io.postern.analytics.finding.ExcuseUse;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.finding.Suppression;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** Shows findings, and takes analysts' answers. Writes files, so never on an event loop. */
public interface FindingReviews {

    /** How an answer ended. */
    enum End {
        DONE,
        /** There is no such finding; nothing has changed. */
        ABSENT,
        /** It has changed since whoever answers looked; nothing has changed. */
        STALE,
        /** A newer one has taken it up; nothing has changed. */
        TAKEN_UP,
        /** It is in force until the gateway stops, but could not be stored. */
        NOT_STORED,
        /** The audit log cannot be written; nothing has changed. */
        NOT_AUDITED,
        /** It was done, but the audit log could not be told. */
        END_NOT_AUDITED
    }

    /** @param kept how it is now; empty where there is none */
    record Result(End end, Optional<Kept> kept) {}

    /**
     * Newest first.
     *
     * @param before only those of a smaller number
     */
    List<Kept> list(Predicate<Kept> wanted, long before, int most);

    Optional<Kept> find(String uid);

    /** What becomes of the flows it is about, and why not more; empty where it does not stand. */
    Optional<String> does(Kept kept);

    /** Analytics whose findings only alert though they are to enforce, with why. */
    Map<String, String> demoted();

    List<Campaign> campaigns();

    Optional<Campaign> campaign(String uid);

    List<ExcuseUse> exceptions();

    List<Suppression> suppressions();

    /** @param version that was looked at; empty: whatever there is */
    Result review(String uid, FindingBody body, OptionalLong version, Sender sender);

    /** Writes down that somebody wanted to answer and may not, or not so; whether it is on the disk. */
    boolean refused(String uid, Sender sender);
}
