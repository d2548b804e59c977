package io.postern.helm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Each alert leads to what to do about it, is tried out, and speaks of labels it has. */
class RulesTest {

    private static final Path ROOT = Path.of("..");
    private static final Path CASES = Path.of("src/test/resources/rules");
    private static final Pattern AGGREGATION =
            Pattern.compile("\\b(?:sum|min|max|avg|count|quantile|topk)\\b(?: (?:by|without) \\([^)]*\\))? ?\\(");
    private static final Pattern LABEL = Pattern.compile("\\$labels\\.(\\w+)");

    @Test
    void everyAlertHasItsRunbook() throws IOException {
        for (JsonNode alert : Rules.alerts()) {
            String name = alert.path("alert").asString();
            String[] link = alert.at("/annotations/runbook").asString().split("#", -1);

            assertThat(link).hasSize(2);
            assertThat(Files.readAllLines(ROOT.resolve(link[0]), UTF_8))
                    .as("%s: a heading whose anchor is %s", name, link[1])
                    .anyMatch(line -> line.matches("#{2,4} .*") && anchor(line).equals(link[1]));
        }
    }

    /** As the usual renderers of Markdown make it from a heading of plain words. */
    private static String anchor(String heading) {
        return heading.replaceFirst("^#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9 -]", "")
                .replace(' ', '-');
    }

    @Test
    void noRunbookIsOfAnAlertThatIsNot() throws IOException {
        List<String> alerts = Rules.alerts().stream()
                .map(alert -> alert.path("alert").asString())
                .toList();

        assertThat(Files.readAllLines(ROOT.resolve("docs/operations.md"), UTF_8))
                .filteredOn(line -> line.matches("#+ Postern[A-Z]\\w+"))
                .map(line -> line.replaceFirst("^#+ ", ""))
                .containsExactlyInAnyOrderElementsOf(alerts);
    }

    /** What promtool runs; see {@code PromtoolIT}. */
    @Test
    void everyAlertIsTriedOut() throws IOException {
        String cases = Files.readString(CASES.resolve("minutes.test.yaml"), UTF_8)
                + Files.readString(CASES.resolve("days.test.yaml"), UTF_8);

        assertThat(Rules.alerts())
                .allSatisfy(alert -> assertThat(cases)
                        .contains("alertname=\"" + alert.path("alert").asString() + "\""));
    }

    @Test
    void everyAlertSaysHowMuchItMatters() throws IOException {
        assertThat(Rules.alerts()).allSatisfy(alert -> {
            assertThat(alert.at("/labels/severity").asString()).isIn("critical", "warning");
            assertThat(alert.at("/annotations/summary").asString()).isNotBlank();
            assertThat(alert.at("/annotations/description").asString()).isNotBlank();
        });
    }

    /** Alertmanager's routes of a namespace, which the operator of Prometheus makes, go by that label. */
    @Test
    void everyAggregationKeepsTheNamespace() throws IOException {
        List<String> aggregations = Rules.all().stream()
                .flatMap(rule ->
                        AGGREGATION.matcher(rule.path("expr").asString()).results())
                .map(MatchResult::group)
                .toList();

        assertThat(aggregations).hasSizeGreaterThan(30).allMatch(each -> each.contains(" by (namespace, "));
    }

    /** An aggregation keeps only the labels it names; without one all are there that Prometheus adds. */
    @Test
    void everyLabelThatIsToldIsThere() throws IOException {
        for (JsonNode alert : Rules.alerts()) {
            String expression = alert.path("expr").asString();
            Set<String> told = LABEL.matcher(
                            alert.at("/annotations/description").asString())
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .collect(Collectors.toSet());

            if (expression.contains("sum") || expression.contains("max by")) {
                assertThat(told)
                        .allSatisfy(label -> assertThat(expression).containsPattern("by \\([^)]*\\b" + label + "\\b"));
            } else {
                assertThat(told).isSubsetOf("namespace", "instance", "source", "listener");
            }
        }
    }
}
