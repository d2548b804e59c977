package io.postern.gateway;

import io.postern.config.AdminRole;
import io.postern.config.AnalyticsSettings;
import io.postern.config.AnalyticsSettings.Enforcing;
import io.postern.config.AnalyticsSettings.Waiver;
import io.postern.config.policy.Policy.Mode;
import io.postern.gateway.audit.AuditEntry;
import io.postern.gateway.audit.AuditLog;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which analytics may act without an approved baseline and coverage: those of which the settings say so, until the day that they
 * name, and once the audit log has who answers for it. Any thread may ask.
 */
final class Waivers implements Predicate<String> {

    private static final Logger LOG = LoggerFactory.getLogger(Waivers.class);

    private final AnalyticsSettings settings;
    private final Clock clock;
    private final Map<String, Answerable> answerable = new TreeMap<>();

    Waivers(AnalyticsSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        settings.modes().forEach((analytic, mode) -> {
            if (mode == Mode.ENFORCE && waiver(analytic).isPresent()) {
                answerable.put(
                        analytic,
                        new Answerable("findings of " + analytic + " need an approved baseline and coverage"));
            }
        });
    }

    @Override
    public boolean test(String analytic) {
        Answerable answered = answerable.get(analytic);
        return answered != null && answered.recorded() && waiver(analytic).isPresent();
    }

    /** Says who answers for them. Not for an event loop. */
    void tell(AuditLog audit) {
        answerable.forEach((analytic, answers) -> waiver(analytic).ifPresent(waiver -> {
            LOG.warn(
                    "findings act without an approved baseline and coverage analytic={} reason=\"{}\" approver=\"{}\" until={}",
                    analytic,
                    waiver.reason(),
                    waiver.approver(),
                    waiver.until());
            answers.tell(
                    audit,
                    new AuditEntry(
                            clock.instant(),
                            waiver.approver(),
                            AdminRole.ADMIN,
                            "settings",
                            "",
                            "analytics.enforce-without",
                            analytic,
                            AuditEntry.Outcome.APPLIED,
                            "start",
                            Optional.empty(),
                            Optional.of("until " + waiver.until() + "; " + waiver.reason())));
        }));
    }

    /** Tries again to write down who answers. Not for an event loop. */
    void look() {
        answerable.values().forEach(Answerable::look);
    }

    /** One that still holds. */
    private Optional<Waiver> waiver(String analytic) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return Optional.ofNullable(settings.enforcing().get(analytic))
                .flatMap(Enforcing::without)
                .filter(one -> !today.isAfter(one.until()));
    }
}
