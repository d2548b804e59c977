package io.postern.gateway.owners;

import io.postern.gateway.flows.LiveFlow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What is known of the connections to one remote end of a device. Not thread-safe. */
final class Meeting {

    /** Of each kind: a browser has six connections to a host. */
    private static final int MOST = 32;

    private final List<KnownFlow> flows = new ArrayList<>(1);
    private final List<OwnerReport> reports = new ArrayList<>(0);
    private final List<Said> said = new ArrayList<>(0);

    /** Whether nothing else is said of the end at this time. */
    private boolean agrees(OwnerReport report) {
        return Stream.concat(said.stream(), reports.stream().map(Said::of))
                .filter(other -> Math.abs(other.timeMillis - report.timeMillis()) <= Owners.WINDOW.toMillis())
                .allMatch(other -> other.packages.equals(report.packages()));
    }

    private void joined(OwnerReport report) {
        reports.remove(report);
        if (said.size() == MOST) {
            said.remove(0);
        }
        said.add(Said.of(report));
    }

    /** What began before. */
    void forget(long beforeMillis) {
        flows.removeIf(flow -> flow.startedMillis() < beforeMillis);
        said.removeIf(one -> one.timeMillis < beforeMillis);
    }

    int weight() {
        return flows.size() + reports.size() + said.size();
    }

    void add(LiveFlow flow) {
        if (flows.size() == MOST) {
            flows.remove(0);
        }
        flows.add(new KnownFlow(flow));
    }

    /** The flow with this id lives no more. */
    void over(String id) {
        flows.stream().filter(flow -> flow.id().equals(id)).forEach(KnownFlow::over);
    }

    /** @return one that must wait no more for want of room */
    Optional<OwnerReport> add(OwnerReport report) {
        Optional<OwnerReport> gone = reports.size() == MOST ? Optional.of(reports.remove(0)) : Optional.empty();
        reports.add(report);
        return gone;
    }

    /** Those that wait. */
    List<OwnerReport> reports() {
        return reports;
    }

    /**
     * Takes reports that wait no more to their flows.
     *
     * @param graceMillis after a report's time, until which an unknown app may still come to be known
     */
    List<Joined> join(long now, ToLongFunction<OwnerReport> graceMillis) {
        List<Joined> joined = new ArrayList<>(0);
        for (OwnerReport report : List.copyOf(reports)) {
            join(report, now, graceMillis.applyAsLong(report)).ifPresent(one -> {
                joined(report);
                joined.add(one);
            });
        }
        return joined;
    }

    /** @return empty while it waits for a flow */
    private Optional<Joined> join(OwnerReport report, long now, long graceMillis) {
        List<KnownFlow> candidates =
                flows.stream().filter(flow -> flow.mayBe(report)).toList();
        Optional<KnownFlow> certain =
                candidates.stream().filter(flow -> flow.is(report)).findFirst();
        Optional<KnownFlow> its = certain.or(() -> candidates.stream()
                .filter(flow -> flow.agrees(report))
                .min(Comparator.comparingLong(flow -> flow.distance(report))));
        if (its.isPresent()) {
            return Optional.of(joined(report, its.get()));
        }
        List<KnownFlow> nobodys = candidates.stream().filter(KnownFlow::nobodys).toList();
        Optional<KnownFlow> unnamed = nobodys.stream()
                .min(Comparator.comparingLong(flow -> flow.distance(report)))
                .filter(flow -> agrees(report) && now >= report.timeMillis() + graceMillis);
        if (unnamed.isPresent()) {
            return Optional.of(joined(report, unnamed.get()));
        }
        if (now < report.timeMillis() + Owners.WINDOW.toMillis()) {
            return Optional.empty();
        }
        if (nobodys.isEmpty() && candidates.size() == 1) {
            return Optional.of(joined(report, candidates.get(0)));
        }
        return Optional.of(new Joined(
                report, Optional.empty(), candidates.isEmpty() ? OwnerResult.UNMATCHED : OwnerResult.AMBIGUOUS));
    }

    private static Joined joined(OwnerReport report, KnownFlow flow) {
        OwnerResult result = flow.join(report);
        return new Joined(report, flow.live(), result);
    }

    /** What a report comes to; {@code live} unless its flow has ended or there is none. */
    record Joined(OwnerReport report, Optional<LiveFlow> live, OwnerResult result) {}

    /** What a report said that waits no more. */
    private record Said(long timeMillis, List<String> packages) {
        static Said of(OwnerReport report) {
            return new Said(report.timeMillis(), report.packages());
        }
    }
}
