package io.postern.analytics.evaluate;

import io.postern.analytics.fleet.FleetSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * What an evaluation came to: the same subjects on several fleets, the first of which is the one that counts.
 *
 * @param tuning whether the seeds are those that thresholds may be chosen by
 */
public record Report(boolean tuning, List<Run> runs) {

    public Report {
        runs = List.copyOf(runs);
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
    }
}
