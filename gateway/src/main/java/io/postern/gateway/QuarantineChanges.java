package io.postern.gateway;

import io.postern.gateway.admin.KillSwitchBody;
import io.postern.gateway.admin.QuarantineBody;
import io.postern.gateway.admin.QuarantineDesk;
import io.postern.gateway.admin.Sender;
import io.postern.gateway.audit.AuditEntry.Outcome;
import io.postern.gateway.audit.AuditLog;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.quarantine.KillSwitch;
import io.postern.gateway.quarantine.Quarantine;
import io.postern.gateway.quarantine.Quarantines;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Quarantine and kill switch by the admin API, each change in the audit log. Runs on the offload thread. */
final class QuarantineChanges implements QuarantineDesk {

    private static final Logger LOG = LoggerFactory.getLogger(QuarantineChanges.class);
    private static final int LONGEST_ID = 64;

    private final Quarantines quarantines;
    private final KillSwitch killSwitch;
    private final Runnable turned;
    private final AdminAudit audit;
    private final Pseudonyms names;

    /**
     * @param turned called when the kill switch was
     * @param names what the audit log calls devices
     */
    QuarantineChanges(
            Quarantines quarantines,
            KillSwitch killSwitch,
            Runnable turned,
            AuditLog audit,
            Pseudonyms names,
            Clock clock) {
        this.names = names;
        this.quarantines = quarantines;
        this.killSwitch = killSwitch;
        this.turned = turned;
        this.audit = new AdminAudit(audit, clock);
    }

    @Override
    public List<Quarantine> all() {
        List<Quarantine> all = new ArrayList<>(quarantines.ended());
        all.addAll(quarantines.standing());
        return all;
    }

    @Override
    public Optional<Quarantine> find(String id) {
        return quarantines.find(id);
    }

    @Override
    public KillSwitch killSwitch() {
        return killSwitch;
    }

    @Override
    public Result contain(QuarantineBody body, Sender sender) {
        Optional<Quarantine> before = quarantines.at(body.scope());
        AdminAudit.Step step = new AdminAudit.Step(
                Change.CONTAIN.action(),
                Change.CONTAIN.resource(),
                Optional.of(before.map(this::words).orElse("none")),
                Optional.of(names.of(body.scope())
                        + (body.sticky()
                                ? " sticky"
                                : body.ttl().map(ttl -> " ttl " + ttl).orElse(""))
                        + "; " + body.reason()));
        if (!audit.told(sender, step, Outcome.BEGUN)) {
            return nothing(End.NOT_AUDITED);
        }
        Optional<Quarantines.Taken> taken;
        try {
            taken = quarantines.contain(new Quarantines.Wish(
                    body.scope(), sender.actor().name(), body.reason(), body.ttl(), body.sticky()));
        } catch (IOException e) {
            return failed(e, step, sender);
        }
        if (taken.isEmpty()) {
            return nothing(audit.told(sender, step, Outcome.REFUSED) ? End.FULL : End.NOT_AUDITED);
        }
        End end = taken.get().before().isPresent() ? End.EXTENDED : End.BEGUN;
        return new Result(
                audit.told(sender, step, Outcome.APPLIED) ? end : End.END_NOT_AUDITED,
                Optional.of(taken.get().now()));
    }

    @Override
    public Result release(String id, String reason, Sender sender) {
        Optional<Quarantine> before = quarantines.find(id);
        if (before.isEmpty()) {
            return nothing(refused(Change.RELEASE, id, sender) ? End.ABSENT : End.NOT_AUDITED);
        }
        if (before.get().end().isPresent()) {
            return new Result(End.RELEASED, before);
        }
        AdminAudit.Step step = new AdminAudit.Step(
                Change.RELEASE.action(),
                Change.RELEASE.resource() + id,
                before.map(this::words),
                Optional.of("none; " + reason));
        boolean begun = audit.told(sender, step, Outcome.BEGUN);
        Optional<Quarantines.Released> released =
                quarantines.release(id, sender.actor().name(), reason);
        boolean stored = released.map(Quarantines.Released::stored).orElse(true);
        return new Result(
                done(End.RELEASED, stored, begun, step, sender),
                released.map(Quarantines.Released::over).or(() -> before));
    }

    /** What was done whatever could not be written. */
    private End done(End whole, boolean stored, boolean begun, AdminAudit.Step step, Sender sender) {
        boolean audited = audit.told(sender, step, Outcome.APPLIED) && begun;
        if (!audited || !stored) {
            LOG.error(
                    "{} {} is in force request={} by={} audited={} stored={}",
                    step.action(),
                    step.resource(),
                    sender.request(),
                    sender.actor().name(),
                    audited,
                    stored);
        }
        if (stored) {
            return audited ? whole : End.END_NOT_AUDITED;
        }
        return audited ? End.NOT_STORED : End.NEITHER_STORED_NOR_AUDITED;
    }

    @Override
    public End turn(KillSwitchBody body, Sender sender) {
        AdminAudit.Step step = new AdminAudit.Step(
                Change.KILL_SWITCH.action(),
                Change.KILL_SWITCH.resource(),
                Optional.of(onOff(killSwitch.on())),
                Optional.of(onOff(body.on()) + "; " + body.reason()));
        boolean begun = audit.told(sender, step, Outcome.BEGUN);
        boolean stored = killSwitch.turn(body.on(), sender.actor().name(), body.reason());
        turned.run();
        return done(End.EXTENDED, stored, begun, step, sender);
    }

    @Override
    public boolean refused(Change change, String tail, Sender sender) {
        String named = tail.length() <= LONGEST_ID ? tail : tail.substring(0, LONGEST_ID);
        return audit.told(
                sender,
                new AdminAudit.Step(change.action(), change.resource() + named, Optional.empty(), Optional.empty()),
                Outcome.REFUSED);
    }

    private Result failed(IOException e, AdminAudit.Step step, Sender sender) {
        LOG.error("{} could not be stored request={}: {}", step.action(), sender.request(), e.toString());
        return nothing(audit.told(sender, step, Outcome.FAILED) ? End.FAILED : End.END_NOT_AUDITED);
    }

    private static String onOff(boolean on) {
        return on ? "on" : "off";
    }

    private String words(Quarantine one) {
        return one.id() + " " + names.of(one.scope()) + " by " + one.actor()
                + (one.sticky() ? " sticky" : " until " + Instant.ofEpochMilli(one.untilMillis()));
    }

    private static Result nothing(End end) {
        return new Result(end, Optional.empty());
    }
}
