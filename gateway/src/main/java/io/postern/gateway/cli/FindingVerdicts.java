package io.postern.gateway.cli;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How analysts answered the findings that a gateway keeps: by analytic, and by app of each. */
final class FindingVerdicts {

    private static final int WIDEST = 44;
    private static final String ALL = "*";
    private static final String TRUE_POSITIVE = "true-positive";
    private static final String BENIGN = "benign";
    private static final String FALSE_POSITIVE = "false-positive";

    private record Of(String analytic, String app) implements Comparable<Of> {
        /** All apps of an analytic before each of them. */
        @Override
        public int compareTo(Of other) {
            int order = analytic.compareTo(other.analytic);
            return order == 0 ? app.compareTo(other.app) : order;
        }
    }

    /** Findings by answer. */
    private static final class Count {
        private final Map<String, Integer> answered = new TreeMap<>();
        private int suppressed;
        private int unanswered;

        int of(String verdict) {
            return answered.getOrDefault(verdict, 0);
        }

        int all() {
            return of(TRUE_POSITIVE) + of(BENIGN) + of(FALSE_POSITIVE);
        }

        /** The share of the answered that should have been made. */
        double precision() {
            return (double) (of(TRUE_POSITIVE) + of(BENIGN)) / all();
        }
    }

    private final Map<Of, Count> counts = new TreeMap<>();

    /** One more, as {@code GET /v1/findings} has it. */
    void add(JsonNode finding) {
        String analytic = finding.at("/finding_info/analytic/uid").asString();
        String app = Table.plain(finding.at("/actor/app_uid").asString());
        JsonNode ours = finding.at("/unmapped/postern");
        String verdict = ours.at("/review/verdict").asString("");
        boolean suppressed = ours.path("status").asString("").equals("suppressed");
        for (Of of : new Of[] {new Of(analytic, ALL), new Of(analytic, app)}) {
            Count count = counts.computeIfAbsent(of, unused -> new Count());
            if (!verdict.isEmpty()) {
                count.answered.merge(verdict, 1, Integer::sum);
            } else if (suppressed) {
                count.suppressed++;
            } else {
                count.unanswered++;
            }
        }
    }

    Table table() {
        Table table = new Table(
                "ANALYTIC",
                "APP",
                "TRUE-POSITIVE",
                "BENIGN",
                "FALSE-POSITIVE",
                "PRECISION",
                "UNANSWERED",
                "SUPPRESSED");
        counts.forEach((of, count) -> table.row(
                of.analytic,
                Table.start(of.app, WIDEST),
                Integer.toString(count.of(TRUE_POSITIVE)),
                Integer.toString(count.of(BENIGN)),
                Integer.toString(count.of(FALSE_POSITIVE)),
                count.all() == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * count.precision()),
                Integer.toString(count.unanswered),
                Integer.toString(count.suppressed)));
        return table;
    }

    /** {@code precision} is there where anything is answered, {@code app} where it is of one. */
    ObjectNode json() {
        ObjectNode whole = JsonMapper.shared().createObjectNode();
        ArrayNode rows = whole.putArray("verdicts");
        counts.forEach((of, count) -> {
            ObjectNode row = rows.addObject().put("analytic", of.analytic);
            if (!of.app.equals(ALL)) {
                row.put("app", of.app);
            }
            row.put("true_positive", count.of(TRUE_POSITIVE))
                    .put("benign", count.of(BENIGN))
                    .put("false_positive", count.of(FALSE_POSITIVE))
                    .put("unanswered", count.unanswered)
                    .put("suppressed", count.suppressed);
            if (count.all() > 0) {
                row.put("precision", count.precision());
            }
        });
        return whole;
    }
}
