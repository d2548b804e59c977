package io.postern.gateway;

import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import io.postern.config.policy.Policy;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.judge.Verdicts;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Rules;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings new policy into force: read whole, swapped whole, and every live flow judged again by it. Policy that does not
 * read changes nothing; the last good one stays.
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
    private List<Problem> lastProblems = List.of();

    PolicyWatch(Supplier<Reading<Policy>> files, Judges judges, Flows flows, Verdicts verdicts, Meters meters) {
        this.files = files;
        this.judges = judges;
        this.flows = flows;
        this.verdicts = verdicts;
        this.meters = meters;
    }

    /** Reads the files; what is new comes into force. */
    void look() {
        Reading<Policy> reading = files.get();
        if (reading.value().isEmpty()) {
            refuse(reading.problems());
            return;
        }
        lastProblems = List.of();
        Policy policy = reading.value().get();
        if (!policy.version().equals(judges.rules().version())) {
            judges.adopt(new Rules(policy));
            meters.policyApplied(policy);
            flows.each(verdicts::again);
            LOG.info(
                    "policy in force version={} rules={} apps={}",
                    policy.version(),
                    policy.rules().size(),
                    policy.apps().size());
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
