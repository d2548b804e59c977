package io.postern.helm;

import io.postern.helm.Dashboard.Panel;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A {@link Dashboard} in the form that Grafana imports and provisions, of its schema 39 (Grafana 11). */
final class Grafana {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final int SCHEMA = 39;
    private static final int COLUMNS = 24;
    private static final int STAT_HEIGHT = 4;
    private static final int HEIGHT = 8;

    /** What our words for kinds are in Grafana. */
    private static final Map<String, String> TYPES =
            Map.of("timeseries", "timeseries", "stat", "stat", "bars", "bargauge", "table", "table");

    private int id;
    private int x;
    private int y;

    private Grafana() {}

    static String of(Dashboard dashboard) {
        return JSON.writeValueAsString(new Grafana().make(dashboard)).replace("\r\n", "\n") + "\n";
    }

    private ObjectNode make(Dashboard dashboard) {
        ObjectNode made = JSON.createObjectNode()
                .put("uid", dashboard.uid())
                .put("title", dashboard.title())
                .put("description", dashboard.about())
                .put("schemaVersion", SCHEMA)
                .put("editable", false)
                .put("graphTooltip", 1)
                .put("refresh", "1m");
        made.putArray("tags").add("postern");
        made.putObject("time").put("from", "now-6h").put("to", "now");
        ArrayNode variables = made.putObject("templating").putArray("list");
        variables
                .addObject()
                .put("name", "datasource")
                .put("label", "Prometheus")
                .put("type", "datasource")
                .put("query", "prometheus");
        choice(variables, "namespace", "label_values(postern_kill_switch, namespace)");
        choice(variables, "instance", "label_values(postern_kill_switch{namespace=~\"$namespace\"}, instance)");
        ArrayNode links = made.putArray("links");
        links.addObject()
                .put("title", "Postern")
                .put("type", "dashboards")
                .put("asDropdown", true)
                .put("includeVars", true)
                .put("keepTime", true)
                .putArray("tags")
                .add("postern");
        ArrayNode panels = made.putArray("panels");
        for (Dashboard.Row row : dashboard.rows()) {
            row(panels, row);
        }
        return made;
    }

    private static void choice(ArrayNode variables, String name, String query) {
        ObjectNode made = variables
                .addObject()
                .put("name", name)
                .put("type", "query")
                .put("definition", query)
                .put("refresh", 2)
                .put("sort", 1)
                .put("multi", true)
                .put("includeAll", true)
                .put("allValue", ".*");
        made.set("datasource", source());
        made.putObject("query").put("query", query).put("refId", name);
        made.putObject("current").put("text", "All").put("value", "$__all");
    }

    private static ObjectNode source() {
        return JSON.createObjectNode().put("type", "prometheus").put("uid", "${datasource}");
    }

    private void row(ArrayNode panels, Dashboard.Row row) {
        panels.addObject()
                .put("id", ++id)
                .put("type", "row")
                .put("title", row.title())
                .put("collapsed", false)
                .set("gridPos", place(COLUMNS, 1));
        int height = 0;
        for (Panel panel : row.panels()) {
            int high = panel.kind().equals("stat") ? STAT_HEIGHT : HEIGHT;
            if (x + panel.width() > COLUMNS) {
                x = 0;
                y += height;
            }
            panels.add(panel(panel, place(panel.width(), high)));
            x += panel.width();
            height = high;
        }
        x = 0;
        y += height;
    }

    private ObjectNode place(int width, int height) {
        ObjectNode place =
                JSON.createObjectNode().put("x", x).put("y", y).put("w", width).put("h", height);
        if (width == COLUMNS) {
            y += height;
        }
        return place;
    }

    private ObjectNode panel(Panel panel, ObjectNode place) {
        boolean lines = panel.kind().equals("timeseries");
        ObjectNode made = JSON.createObjectNode()
                .put("id", ++id)
                .put("type", TYPES.get(panel.kind()))
                .put("title", panel.title())
                .put("description", panel.about());
        made.set("datasource", source());
        made.set("gridPos", place);
        ObjectNode field = made.putObject("fieldConfig").putObject("defaults");
        field.put("unit", panel.unit()).put("min", 0);
        made.putObject("options");
        ArrayNode targets = made.putArray("targets");
        char ref = 'A';
        for (Map.Entry<String, String> query : panel.queries().entrySet()) {
            ObjectNode target = targets.addObject()
                    .put("refId", String.valueOf(ref++))
                    .put("expr", query.getValue())
                    .put("legendFormat", query.getKey())
                    .put("instant", !lines)
                    .put("range", lines);
            if (panel.kind().equals("table")) {
                target.put("format", "table");
            }
        }
        return made;
    }
}
