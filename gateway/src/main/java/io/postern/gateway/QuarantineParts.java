package io.postern.gateway;

import io.postern.analytics.Verdict;
import io.postern.config.GatewaySettings;
import io.postern.gateway.admin.Health;
import io.postern.gateway.admin.QuarantineDesk;
import io.postern.gateway.audit.AuditLog;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Witness;
import io.postern.gateway.judge.Verdicts;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.quarantine.KillSwitch;
import io.postern.gateway.quarantine.Quarantine;
import io.postern.gateway.quarantine.Quarantines;
import io.postern.gateway.quarantine.Scope;
import io.postern.gateway.rules.ExceptionTable;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.KnownResolvers;
import io.postern.gateway.rules.Overrules;
import io.postern.gateway.rules.Spared;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/** What stands above written policy, put together from the settings: quarantine, what is never broken, the kill switch. */
final class QuarantineParts {

    private final GatewaySettings settings;
    private final Quarantines quarantines;
    private final KillSwitch killSwitch;
    private final Clock clock;
    private Runnable turned = () -> {};

    /** @throws IOException when the store cannot be read */
    QuarantineParts(GatewaySettings settings, Store store, Clock clock, Meters meters) throws IOException {
        this.settings = settings;
        this.clock = clock;
        quarantines = Quarantines.open(
                settings.response().quarantine(),
                store,
                clock,
                meters.quarantines(Quarantines.Result.class, Quarantines.Result::label)::count);
        killSwitch = new KillSwitch(settings.response().killSwitch(), store, clock);
        meters.watchEach(
                "postern.quarantine.active",
                "Quarantines that stand",
                "scope",
                Scope.Kind.class,
                Scope.Kind::label,
                quarantines::count);
        meters.watch(
                "postern.quarantine.limit",
                "Quarantines that may stand",
                () -> settings.response().quarantine().entries());
        meters.watch(
                "postern.quarantine.rules.hour",
                "Quarantines that rules have begun within the last hour",
                quarantines::begunByRules);
        meters.watch(
                "postern.quarantine.rules.hour.limit",
                "Quarantines that rules may begin within an hour",
                () -> settings.response().quarantine().perHour());
        meters.watch(
                "postern.kill.switch", "Whether enforcement is switched off, 1 or 0", () -> killSwitch.on() ? 1 : 0);
    }

    boolean killed() {
        return killSwitch.on();
    }

    Overrules overrules() {
        return new Overrules(
                quarantines,
                Spared.in(settings.response().quarantine().allow()),
                Spared.neverBroken(settings),
                KnownResolvers.in(settings),
                killSwitch::on);
    }

    /** Told of flows like another; of those that a rule ends that contains, whoever it was is contained. */
    Witness beside(Witness other) {
        return new Witness() {
            @Override
            public void opened(LiveFlow flow) {
                other.opened(flow);
            }

            @Override
            public void reached(LiveFlow flow) {
                other.reached(flow);
            }

            @Override
            public void recognised(LiveFlow flow) {
                other.recognised(flow);
            }

            @Override
            public void excepted(LiveFlow flow, ExceptionTable.Row row) {
                other.excepted(flow, row);
            }

            @Override
            public void ended(LiveFlow flow) {
                other.ended(flow);
                Verdict verdict = flow.decision().verdict();
                if (flow.decision().contains() && !Overrules.isQuarantine(verdict)) {
                    quarantines.hit(flow.tag(), verdict.reason());
                }
            }
        };
    }

    /** Told of each that begins or ends, on a thread that it must not hold up. */
    void whenTold(Consumer<Quarantine> teller) {
        quarantines.whenTold(teller);
    }

    /** Those that stand. */
    List<Quarantine> standing() {
        return quarantines.standing();
    }

    /** The last that ended, oldest first. */
    List<Quarantine> ended() {
        return quarantines.ended();
    }

    /** Whether something of this is contained. */
    boolean contained(Scope scope) {
        return quarantines.standing().stream().anyMatch(one -> one.scope().reaches(scope));
    }

    boolean contains(String device) {
        return quarantines.standing().stream()
                .anyMatch(one -> one.scope().device().equals(device));
    }

    /** See {@link Quarantines#forget}. */
    int forget(String device) throws IOException {
        return quarantines.forget(device);
    }

    /** From now on live flows are judged again when something changes for them. */
    void watch(Judges judges, Flows flows, Verdicts verdicts) {
        quarantines.whenChanged(devices -> {
            judges.changed();
            verdicts.again(flows, flow -> devices.contains(flow.tag().device()));
        });
        turned = () -> {
            judges.changed();
            verdicts.again(flows, any -> true);
        };
    }

    void health(Health health) {
        health.alive("rules' quarantines are not taken any more", quarantines::alive);
        health.note("kill switch on: policy, findings and quarantine only alert", killSwitch::on);
        health.note("kill switch not stored: it stands as it was after a restart", killSwitch::unstored);
    }

    QuarantineDesk desk(AuditLog audit, Pseudonyms names) {
        return new QuarantineChanges(quarantines, killSwitch, () -> turned.run(), audit, names, clock);
    }

    void look() {
        killSwitch.look();
        quarantines.look();
    }

    void close() {
        quarantines.close();
    }
}
