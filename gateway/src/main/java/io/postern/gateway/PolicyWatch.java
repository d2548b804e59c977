package io.postern.gateway;

import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import io.postern.config.policy.Policy;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.judge.Verdicts;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Rules;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings new policy into force: read whole, swapped whole, and every live flow judged again by it. Policy that does not
 * read changes nothing; the last good one stays.
 *
 * <p>Time changes policy too: where a window opens or closes, or an exception has had its day, live flows are judged
 * again as after a change of the files.
 *
 * <p>Looks at the files every second: a mounted ConfigMap changes by swapping a link, which file notifications miss.
 * Runs on the offload thread, never on an event loop.
 */
final class PolicyWatch {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyWatch.class);

    private final Supplier<Reading<Policy>> files;
    private final Judges judges;
    private final Flows flows;
    private final Verdicts verdicts;
    private final Meters meters;
    private final Clock clock;
    /** Read by scrapes, too. */
    private volatile List<Problem> lastProblems = List.of();

    private Rules.Moment moment;

    PolicyWatch(
            Supplier<Reading<Policy>> files,
            Judges judges,
            Flows flows,
            Verdicts verdicts,
            Meters meters,
            Clock clock) {
        this.files = files;
        this.judges = judges;
        this.flows = flows;
        this.verdicts = verdicts;
        this.meters = meters;
        this.clock = clock;
        this.moment = judges.rules().moment(clock.instant());
        meters.watch(
                "postern.policy.refused",
                "Whether the policy files do not read, so that the last good policy is in force, 1 or 0",
                () -> refused() ? 1 : 0);
    }

    /** Reads the files; what is new comes into force. So does what only time has changed. */
    void look() {
        read();
        Rules.Moment now = judges.rules().moment(clock.instant());
        if (!now.equals(moment)) {
            moment = now;
            judges.changed();
            verdicts.again(flows, any -> true);
        }
    }

    /** Whether the files do not read, so that what is in force is not what they say. */
    boolean refused() {
        return !lastProblems.isEmpty();
    }

    private void read() {
        Reading<Policy> reading = files.get();
        if (reading.value().isEmpty()) {
            refuse(reading.problems());
            return;
        }
        if (!lastProblems.isEmpty()) {
            lastProblems = List.of();
            LOG.info("policy reads again");
        }
        Policy policy = reading.value().get();
        if (!policy.version().equals(judges.rules().version())) {
            Rules rules = judges.rules().with(policy);
            judges.adopt(rules);
            moment = rules.moment(clock.instant());
            meters.policyApplied(policy);
            verdicts.again(flows, any -> true);
            LOG.info(
                    "policy in force version={} rules={} apps={}",
                    policy.version(),
                    policy.rules().size(),
                    policy.apps().size());
            reading.warnings().forEach(warning -> LOG.warn("policy: {}", warning));
        }
    }

    /** The same problems are told once, however often they are seen. */
    private void refuse(List<Problem> problems) {
        if (!problems.equals(lastProblems)) {
            lastProblems = problems;
            meters.policyRejected();
            LOG.warn(
                    "policy refused, version {} stays in force:", judges.rules().version());
            problems.forEach(problem -> LOG.warn("{}", problem));
        }
    }
}
