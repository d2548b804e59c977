package io.postern.analytics.evaluate;

import io.postern.analytics.fleet.FleetSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an evaluation came to: the same subjects on several fleets, the first of which is the one that counts.
 *
 * @param ablations the same subjects without one family of evidence each, on the second fleet
 * @param tuning whether the seeds are those that thresholds may be chosen by
 */
public record Report(boolean tuning, List<Run> runs, List<Run> ablations) {

    public Report {
        runs = List.copyOf(runs);
        ablations = List.copyOf(ablations);
    }

    /**
     * One fleet.
     *
     * @param name such as {@code full} or {@code unattributed 5 %}
     */
    public record Run(
            String name,
            FleetSettings fleet,
            long deviceDays,
            long flowEvents,
            long contextEvents,
            List<Figures> analytics) {
        public Run {
            analytics = List.copyOf(analytics);
        }

        public static Run of(String name, FleetSettings fleet, List<Subject> subjects, Tally tally) {
            List<Figures> figures = new ArrayList<>();
            for (Subject subject : subjects) {
                subject.analytics().forEach(analytic -> figures.add(Figures.of(analytic, tally)));
            }
            return new Run(name, fleet, tally.deviceDays(), tally.flowEvents(), tally.contextEvents(), figures);
        }

        /** Of those analytics alone that another has. */
        Run only(Run other) {
            Set<String> names = other.analytics.stream().map(Figures::analytic).collect(Collectors.toSet());
            return new Run(
                    name,
                    fleet,
                    deviceDays,
                    flowEvents,
                    contextEvents,
                    analytics.stream()
                            .filter(each -> names.contains(each.analytic()))
                            .toList());
        }

        /** What others came to on the same fleet, after these. */
        public Run and(Run others) {
            List<Figures> both = new ArrayList<>(analytics);
            both.addAll(others.analytics);
            return new Run(name, fleet, deviceDays, flowEvents, contextEvents, both);
        }
    }
}
