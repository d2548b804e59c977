package io.postern.gateway.admin;

import io.postern.analytics.baseline.Learner;
import io.postern.analytics.baseline.Subject;
import java.util.Optional;
import java.util.SortedSet;

/** Shows what was learnt of apps' traffic, and decides of it. Writes files, so never on an event loop. */
public interface BaselineDesk {

    /** How an attempt to decide ended. */
    enum End {
        DECIDED,
        /** Nothing was learnt of the subject, or not what was named; nothing has changed. */
        ABSENT,
        /** Evidence speaks of one of the entries; nothing has changed. */
        TAINTED,
        /** It is in force until the gateway stops, but could not be stored. */
        NOT_STORED,
        /** The audit log cannot be written; nothing has changed. */
        NOT_AUDITED,
        /** It was decided, but the audit log could not be told. */
        END_NOT_AUDITED
    }

    /**
     * @param which the first entry that stands against it; empty if none does
     * @param decided of how many entries
     * @param version of the app it was decided for; negative if unknown
     */
    record Result(End end, String which, int decided, long version) {}

    /** Those something was learnt of, in order. */
    SortedSet<Subject> subjects();

    Optional<Learner.View> view(Subject subject);

    Result decide(BaselineBody body, boolean approve, Sender sender);

    /** Writes down that somebody wanted to decide and may not, or not so; whether it is on the disk. */
    boolean refused(boolean approve, String subject, Sender sender);
}
