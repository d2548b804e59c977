package io.postern.gateway;

import io.postern.analytics.baseline.Baseline;
import io.postern.analytics.finding.Technique;
import io.postern.config.AdminRole;
import io.postern.gateway.audit.AuditEntry;
import io.postern.gateway.audit.AuditLog;
import io.postern.gateway.baseline.Baselines;
import io.postern.gateway.coverage.Coverage;
import io.postern.gateway.finding.FindingDesk;
import io.postern.gateway.meters.Meters;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where {@link Enforcement} looks: at answers, at coverage, at baselines. */
final class EnforcingParts implements Enforcement.Sources {

    private static final Logger LOG = LoggerFactory.getLogger(EnforcingParts.class);

    /** Flows of the last day; fewer say nothing of what an analytic can see. */
    static final long LEAST_FLOWS = 100;

    /** In looks, which are a second apart: a report goes over 25 hours of counts. */
    private static final int COVERAGE_EACH = 10;

    private final Enforcement enforcement;
    private final FindingDesk desk;
    private final Baselines baselines;
    private final Coverage coverage;
    private Coverage.Report report;
    private int looks;

    EnforcingParts(Enforcement enforcement, FindingDesk desk, Baselines baselines, Coverage coverage, Meters meters) {
        this.enforcement = enforcement;
        this.desk = desk;
        this.baselines = baselines;
        this.coverage = coverage;
        this.report = coverage.report();
        for (Technique technique : Technique.values()) {
            String analytic = technique.name();
            meters.falsePositiveBudgetSpent(analytic, () -> enforcement.spent(answers(analytic)));
        }
    }

    /** Says who answers for findings that act without what they should have. */
    void tellWaivers(AuditLog audit, Clock clock) {
        enforcement.waivers().forEach((analytic, waiver) -> {
            LOG.warn(
                    "findings act without an approved baseline and coverage analytic={} reason=\"{}\" approver=\"{}\" until={}",
                    analytic,
                    waiver.reason(),
                    waiver.approver(),
                    waiver.until());
            try {
                audit.write(new AuditEntry(
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
            } catch (IOException e) {
                LOG.error("the audit log cannot be written: {}", e.toString());
            }
        });
    }

    /** Not for an event loop. */
    void look() {
        if (!enforcement.any()) {
            return;
        }
        if (looks++ % COVERAGE_EACH == 0) {
            report = coverage.report();
        }
        enforcement.refresh(this);
    }

    @Override
    public Enforcement.Answers answers(String analytic) {
        return new Enforcement.Answers(desk.falsePositives(analytic), desk.answered(analytic));
    }

    @Override
    public OptionalDouble coverage(String analytic) {
        return Enforcement.seen(report, analytic, LEAST_FLOWS);
    }

    @Override
    public Baseline baseline() {
        return baselines.snapshot();
    }
}
