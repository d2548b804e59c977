package io.postern.gateway.admin;

import io.postern.analytics.baseline.Learner;
import io.postern.analytics.baseline.Subject;
import java.util.List;
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

    /** How an attempt to take in what another gateway has learnt ended. */
    enum Taking {
        TAKEN,
        /** It is no baseline, or one of a time to come; nothing has changed. */
        BROKEN,
        NOT_STORED,
        NOT_AUDITED,
        END_NOT_AUDITED
    }

    /**
     * @param why it was not taken; empty if it was
     * @param entries that it has
     */
    record Took(Taking end, String why, int entries) {}

    /** Nothing of it is approved by that. */
    Took take(BaselineShare share, Sender sender);

    /** What was learnt of a subject, for another gateway; empty if nothing was. */
    Optional<byte[]> share(Subject subject);

    /** Writes down that somebody takes these with them; whether it is on the disk. */
    boolean shared(List<Subject> subjects, Sender sender);

    /** Writes down that somebody wanted to take in what is none, or may not; whether it is on the disk. */
    boolean notTaken(String subject, Sender sender);

    /** Writes down that somebody wanted to decide and may not, or not so; whether it is on the disk. */
    boolean refused(boolean approve, String subject, Sender sender);
}
