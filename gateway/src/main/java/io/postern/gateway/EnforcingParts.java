package io.postern.gateway;

import io.postern.analytics.baseline.Baseline;
import io.postern.analytics.finding.Technique;
import io.postern.gateway.audit.AuditLog;
import io.postern.gateway.baseline.Baselines;
import io.postern.gateway.coverage.Coverage;
import io.postern.gateway.finding.FindingDesk;
import io.postern.gateway.meters.Meters;
import java.util.OptionalDouble;

/** Where {@link Enforcement} looks: at answers, at coverage, at baselines. */
final class EnforcingParts implements Enforcement.Sources {

    /** Flows of the last day; fewer say nothing of what an analytic can see. */
    static final long LEAST_FLOWS = 100;

    /** In looks, which are a second apart: a report goes over 25 hours of counts. */
    private static final int COVERAGE_EACH = 10;

    private final Enforcement enforcement;
    private final Waivers waivers;
    private final FindingDesk desk;
    private final Baselines baselines;
    private final Coverage coverage;
    private Coverage.Report report;
    private int looks;

    EnforcingParts(
            Enforcement enforcement,
            Waivers waivers,
            FindingDesk desk,
            Baselines baselines,
            Coverage coverage,
            Meters meters) {
        this.enforcement = enforcement;
        this.waivers = waivers;
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
    void tellWaivers(AuditLog audit) {
        waivers.tell(audit);
    }

    /** Not for an event loop. */
    void look() {
        if (!enforcement.any()) {
            return;
        }
        waivers.look();
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
