package io.postern.analytics.baseline;

import static io.postern.analytics.baseline.Flows.APP;
import static io.postern.analytics.baseline.Flows.day;
import static io.postern.analytics.baseline.Flows.flow;
import static io.postern.analytics.baseline.Flows.sighting;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/** A learner with small bounds, and what is done with it again and again. */
final class Lessons {

    static final Subject MAIL = Subject.app(APP);
    static final Build SEVEN = new Build(7, "aa");
    static final BaselineSettings SMALL =
            new BaselineSettings(3, 3, Duration.ofDays(60), Duration.ofDays(60), 64, 64, 1_024);
    static final Cause FINDING = Cause.finding("f1");

    final Learner learner = new Learner(SMALL);

    void learn(String domain, int devices, int days) {
        for (int device = 0; device < devices; device++) {
            for (int day = 0; day < days; day++) {
                learner.learn(sighting("d" + device, domain, day));
            }
        }
    }

    /** On devices that learnt of another build before. */
    void appears(Build build, int devices, int day) {
        for (int device = 0; device < devices; device++) {
            learner.learn(sighting(flow(APP, "d" + device, "acme.example", 443, day(day)), build));
        }
    }

    Known destination(String domain, int day) {
        return learner.snapshot(day(day)).app(APP).find(Trait.DESTINATION, domain, Situation.BACKGROUND);
    }

    void approve(Build build, long reviewBy) {
        Set<String> proposed = learner.view(MAIL, day(3)).orElseThrow().entries().stream()
                .filter(known -> known.standing() == Standing.PROPOSED
                        || known.standing().approved())
                .map(Known::id)
                .collect(Collectors.toSet());
        learner.decide(MAIL, proposed, new Decision(true, "ann", day(3), "looked at it", build, reviewBy));
    }

    Build newest() {
        return learner.view(MAIL, day(4)).orElseThrow().build();
    }
}
