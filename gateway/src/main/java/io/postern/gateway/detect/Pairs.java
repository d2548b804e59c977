package io.postern.gateway.detect;

import io.postern.analytics.detect.Score;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.Flow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every app with every destination it went to, for the table of scores. Holds {@value #MOST}, some 200 bytes each; one more,
 * and the one that has been silent longest is forgotten, and counted. Not for several threads.
 */
public final class Pairs {

    static final int MOST = 1_000_000;

    /**
     * One row of the table.
     *
     * @param scores by analytic or method
     * @param checkIns the most that one of them rests on; where none says anything, flows
     */
    public record Row(
            AppKey key,
            String destination,
            Map<String, Double> scores,
            long checkIns,
            long firstMillis,
            long lastMillis) {

        double best() {
            return scores.values().stream().mapToDouble(each -> each).max().orElse(0);
        }
    }

    private record Pair(AppKey key, String destination) {}

    private static final class Known {
        long first;
        long last;
        long checkIns;
        long scored;
        Map<String, Double> scores = Map.of();
    }

    private final Map<Pair, Known> pairs = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Pair, Known> eldest) {
            boolean full = size() > MOST;
            forgotten += full ? 1 : 0;
            return full;
        }
    };

    private long forgotten;

    /** A line tells of a flow of theirs. */
    public void line(FlowLine line) {
        Flow flow = line.flow();
        Known known = pairs.get(new Pair(flow.key(), flow.destination().name()));
        if (known == null) {
            known = new Known();
            known.first = flow.startMillis();
            known.last = line.atMillis();
            pairs.put(new Pair(flow.key(), flow.destination().name()), known);
        }
        known.first = Math.min(known.first, flow.startMillis());
        known.last = Math.max(known.last, line.atMillis());
        known.checkIns += line.outcome().isPresent() ? 1 : 0;
    }

    /** What a detection makes of them; nothing of those that were forgotten here. */
    public void score(Score score) {
        Known known = pairs.get(new Pair(score.key(), score.destination()));
        if (known != null) {
            known.scores = known.scores.isEmpty() ? new TreeMap<>() : known.scores;
            known.scores.merge(score.analytic(), score.score(), Math::max);
            known.scored = Math.max(known.scored, score.checkIns());
        }
    }

    public long forgotten() {
        return forgotten;
    }

    /** The best score first; of those alike by their names. */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>(pairs.size());
        pairs.forEach((pair, known) -> rows.add(new Row(
                pair.key(),
                pair.destination(),
                known.scores,
                known.scored > 0 ? known.scored : known.checkIns,
                known.first,
                known.last)));
        rows.sort(Comparator.comparingDouble(Row::best)
                .reversed()
                .thenComparing(row -> row.key().device())
                .thenComparing(row -> row.key().profile())
                .thenComparing(row -> row.key().app())
                .thenComparing(Row::destination));
        return rows;
    }
}
