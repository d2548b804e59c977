package io.postern.gateway;

import io.postern.gateway.admin.FlowFilter;
import io.postern.gateway.admin.LiveFlows;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.records.FlowRecord;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletionStage;

/** Asks every event loop for its newest flows, and keeps the newest of those. */
final class LiveFlowsByLoop implements LiveFlows {

    private static final Comparator<LiveFlow> BY_AGE = Comparator.comparing(LiveFlow::id);

    private final Flows flows;
    private final FlowReports reports;

    LiveFlowsByLoop(Flows flows, FlowReports reports) {
        this.flows = flows;
        this.reports = reports;
    }

    @Override
    public CompletionStage<List<FlowRecord>> newest(FlowFilter filter, String before, int limit) {
        return flows.gather(() -> new Newest(filter, before, limit))
                .thenApply(parts -> parts.stream()
                        .flatMap(List::stream)
                        .sorted(Comparator.comparing(FlowRecord::uid).reversed())
                        .limit(limit)
                        .toList());
    }

    /** Records are made only of those that may be told: a loop has thousands of flows and better things to do. */
    private final class Newest implements Flows.Look<List<FlowRecord>> {

        private final FlowFilter filter;
        private final String before;
        private final int limit;
        private final PriorityQueue<LiveFlow> newest = new PriorityQueue<>(BY_AGE);

        Newest(FlowFilter filter, String before, int limit) {
            this.filter = filter;
            this.before = before;
            this.limit = limit;
        }

        @Override
        public void at(LiveFlow flow) {
            boolean due = before.isEmpty() || flow.id().compareTo(before) < 0;
            boolean newer = newest.size() < limit || BY_AGE.compare(flow, newest.element()) > 0;
            if (due && newer && filter.takes(flow)) {
                newest.add(flow);
                if (newest.size() > limit) {
                    newest.remove();
                }
            }
        }

        @Override
        public List<FlowRecord> found() {
            return newest.stream().map(reports::now).toList();
        }
    }
}
