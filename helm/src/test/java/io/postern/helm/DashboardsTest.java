package io.postern.helm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The dashboards are made from what is written down of them, can be read, and reach Grafana by the chart. */
@WhereHelmRuns
class DashboardsTest {

    static final Path MADE = Chart.DIR.resolve("dashboards");
    private static final boolean REGENERATE = System.getProperty("postern.regenerate") != null;

    /** Of a legend, or of the aggregation that has to keep it. */
    private static final Pattern LEGEND = Pattern.compile("\\{\\{(\\w+)}}");

    static List<Dashboard> all() throws IOException {
        return Dashboard.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void itIsMadeFromItsSource(Dashboard dashboard) throws IOException {
        Path file = MADE.resolve(dashboard.uid() + ".json");
        String made = Grafana.of(dashboard);
        if (REGENERATE) {
            Files.writeString(file, made, UTF_8);
        }
        assertThat(file).content(UTF_8).isEqualTo(made);
    }

    @Test
    void noneIsLeftOfASourceThatIsGone() throws IOException {
        try (Stream<Path> files = Files.list(MADE)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            all().stream().map(each -> each.uid() + ".json").toList());
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyPanelSaysWhatItShows(Dashboard dashboard) {
        assertThat(dashboard.panels()).isNotEmpty().allSatisfy(panel -> {
            assertThat(panel.title()).isNotBlank();
            assertThat(panel.about()).as(panel.title()).isNotBlank();
            assertThat(panel.unit()).as(panel.title()).isNotBlank();
            assertThat(panel.queries()).as(panel.title()).isNotEmpty().allSatisfy((legend, query) -> {
                Matcher label = LEGEND.matcher(legend);
                while (label.find()) {
                    assertThat(query).containsPattern("by \\([^)]*\\b" + label.group(1) + "\\b");
                }
            });
        });
    }

    /** No panel lies on another, and none beside the screen. */
    @ParameterizedTest
    @MethodSource("all")
    void everyPanelHasItsPlace(Dashboard dashboard) {
        Set<String> taken = new TreeSet<>();
        List<String> twice = new ArrayList<>();
        for (JsonNode panel : Chart.YAML.readTree(Grafana.of(dashboard)).path("panels")) {
            JsonNode at = panel.path("gridPos");
            assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(24);
            for (int x = 0; x < at.path("w").asInt(); x++) {
                for (int y = 0; y < at.path("h").asInt(); y++) {
                    String cell =
                            (at.path("x").asInt() + x) + "," + (at.path("y").asInt() + y);
                    if (!taken.add(cell)) {
                        twice.add(panel.path("title").asString() + " at " + cell);
                    }
                }
            }
        }
        assertThat(twice).isEmpty();
    }

    @Test
    void theChartShipsThemWhereTheSidecarLooks(@TempDir Path folder) throws IOException {
        Path values = Files.writeString(folder.resolve("values.yaml"), """
                monitoring: {dashboards: {enabled: true, folder: Gateways}}
                """, UTF_8);
        List<JsonNode> shipped = Chart.ofKind(Chart.objects(Chart.render(values)), "ConfigMap").stream()
                .filter(map -> map.at("/metadata/labels").has("grafana_dashboard"))
                .toList();

        assertThat(shipped).hasSameSizeAs(all());
        for (JsonNode map : shipped) {
            assertThat(map.at("/metadata/annotations/grafana_folder").asString())
                    .isEqualTo("Gateways");
            assertThat(map.path("data").size()).isEqualTo(1);
            for (var file : map.path("data").properties()) {
                assertThat(MADE.resolve(file.getKey()))
                        .content(UTF_8)
                        .isEqualTo(file.getValue().asString());
            }
        }
    }
}
