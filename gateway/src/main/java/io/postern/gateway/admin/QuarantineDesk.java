package io.postern.gateway.admin;

import io.postern.gateway.quarantine.KillSwitch;
import io.postern.gateway.quarantine.Quarantine;
import java.util.List;
import java.util.Optional;

/** Shows and changes who is in quarantine, and whether enforcement is switched off. Writes files, so never on an event loop. */
public interface QuarantineDesk {

    /** How an attempt to change something ended. */
    enum End {
        /** The scope was not contained before. */
        BEGUN,
        /** It was, and lasts as long as both say. */
        EXTENDED,
        RELEASED,
        /** There is no such quarantine; nothing has changed. */
        ABSENT,
        /** There are as many as there may be; nothing has changed. */
        FULL,
        /** It is in force and stored nowhere: a restart undoes it. */
        NOT_STORED,
        /** The same, and the audit log could not be told either. */
        NEITHER_STORED_NOR_AUDITED,
        /** It could not be stored; nothing has changed. */
        FAILED,
        /** The audit log cannot be written; nothing has changed. */
        NOT_AUDITED,
        /** It has changed, but the audit log could not be told. */
        END_NOT_AUDITED
    }

    /** @param quarantine as it is now, or was when it ended */
    record Result(End end, Optional<Quarantine> quarantine) {}

    /** What is asked to be changed, for the audit log. */
    enum Change {
        CONTAIN("quarantine.contain", "/v1/quarantine"),
        RELEASE("quarantine.release", "/v1/quarantine/"),
        KILL_SWITCH("kill-switch", "/v1/kill-switch");

        private final String action;
        private final String resource;

        Change(String action, String resource) {
            this.action = action;
            this.resource = resource;
        }

        public String action() {
            return action;
        }

        public String resource() {
            return resource;
        }
    }

    /** Those that stand and the last that are over, in no order. */
    List<Quarantine> all();

    Optional<Quarantine> find(String id);

    Result contain(QuarantineBody body, Sender sender);

    /** Ends it even where neither the disk nor the audit log can be written. */
    Result release(String id, String reason, Sender sender);

    KillSwitch killSwitch();

    /**
     * Turns it even where neither the disk nor the audit log can be written.
     *
     * @return {@link End#EXTENDED}, or what could not be written
     */
    End turn(KillSwitchBody body, Sender sender);

    /**
     * Writes down that somebody wanted a change and may not, or not so; whether it is on the disk.
     *
     * @param tail what the path names beyond the resource
     */
    boolean refused(Change change, String tail, Sender sender);
}
