package io.postern.helm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A dashboard as it is written down: a file of {@code helm/dashboards}, of which {@link Grafana} makes what Grafana reads.
 *
 * @param name of the file, without its ending
 */
record Dashboard(String name, String uid, String title, String about, List<Row> rows) {

    private static final Path DIR = Path.of("dashboards");

    /** Which gateways: both variables may be anything, for outside Kubernetes there is no namespace. */
    private static final String OF = "namespace=~\"$namespace\", instance=~\"$instance\"";

    /** Of a screen's 24 columns. */
    private static final int USUAL_WIDTH = 8;

    record Row(String title, List<Panel> panels) {}

    /** @param quiet whether zero is what a gateway that is well shows */
    record Panel(
            String title,
            String about,
            String kind,
            String unit,
            int width,
            boolean quiet,
            Map<String, String> queries) {}

    static List<Dashboard> all() throws IOException {
        List<Dashboard> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(DIR)) {
            for (Path file : files.filter(file -> !file.endsWith("left-out.yaml"))
                    .sorted()
                    .toList()) {
                all.add(read(file));
            }
        }
        return all;
    }

    /** Metrics that no dashboard shows, with the reason of each. */
    static Map<String, String> leftOut() throws IOException {
        return texts(Chart.YAML.readTree(Files.readString(DIR.resolve("left-out.yaml"), UTF_8)));
    }

    List<Panel> panels() {
        return rows.stream().flatMap(row -> row.panels().stream()).toList();
    }

    private static Dashboard read(Path file) throws IOException {
        JsonNode text = Chart.YAML.readTree(Files.readString(file, UTF_8));
        return new Dashboard(
                file.getFileName().toString().replace(".yaml", ""),
                text.path("uid").asString(),
                text.path("title").asString(),
                text.path("about").asString(),
                text.path("rows")
                        .valueStream()
                        .map(row -> new Row(
                                row.path("title").asString(),
                                row.path("panels")
                                        .valueStream()
                                        .map(Dashboard::panel)
                                        .toList()))
                        .toList());
    }

    private static Panel panel(JsonNode text) {
        Map<String, String> queries = texts(text.path("queries"));
        queries.replaceAll((legend, query) -> query.replace("$of", OF));
        return new Panel(
                text.path("title").asString(),
                text.path("about").asString(),
                text.path("kind").asString("timeseries"),
                text.path("unit").asString(),
                text.path("width").asInt(USUAL_WIDTH),
                text.path("quiet").asBoolean(false),
                queries);
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties()
                .forEach(each -> texts.put(each.getKey(), each.getValue().asString()));
        return texts;
    }
}
