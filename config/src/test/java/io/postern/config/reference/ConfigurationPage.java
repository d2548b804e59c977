package io.postern.config.reference;

import io.postern.config.document.Shape;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** {@code docs/configuration.md}: every key of both files as tables. */
final class ConfigurationPage {

    private static final String HEAD = """
            # Configuration

            Made from the JSON Schemas `postern.schema.json` and `policy.schema.json`; do not edit. To make it again:
            `mvn -pl config -am test -Dtest=ReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Dpostern.regenerate`.

            YAML 1.2, one document, at most 1 MiB. Keys that are not listed are refused, as is a key given twice.
            `./postern check --config postern.yaml` tells every problem at once, as
            `file:line:column: path: what it is, what it must be`.

            - **Durations** are a whole number and a unit: `ms s m h d`.
            - **Sizes** are bytes, or a whole number and a unit: `B KB MB GB` (powers of 1000), `KiB MiB GiB` (of 1024).
            - **Paths** that are relative start from the folder of the file they are written in;
              `{state.dir}` in one stands for `state.dir`.
            - **Secrets** stand in files, less one trailing newline, and must not be readable by everybody. Where a
              volume of secrets is mounted, give it mode 0400 or 0440.
            - **The environment** overrides the file for every setting of one value outside a list:
              `upstream.connect-timeout` is `POSTERN_UPSTREAM_CONNECT_TIMEOUT`.

            """;

    private final StringBuilder page = new StringBuilder(HEAD);
    private final Shape shape;

    private ConfigurationPage(Shape shape) {
        this.shape = shape;
    }

    static String of(Shape settings, Shape policy) {
        return new ConfigurationPage(settings).file("postern.yaml")
                + new ConfigurationPage(policy).file("Policy files").substring(HEAD.length());
    }

    private String file(String title) {
        page.append("## ").append(title).append("\n\n");
        page.append(shape.schema().get("description").asString()).append("\n\n");
        for (Map.Entry<String, JsonNode> section :
                shape.schema().get("properties").properties()) {
            JsonNode schema = shape.resolve(section.getValue());
            page.append("### `").append(section.getKey()).append("`\n\n");
            page.append(schema.get("description").asString());
            if (schema.path("type").asString().equals("array")
                    && !schema.path("default").isEmpty()) {
                page.append(" Default: `").append(schema.get("default")).append("`.");
            }
            page.append("\n\n| key | type | default | bounds | what for |\n|---|---|---|---|---|\n");
            inside(schema, section.getKey());
            page.append('\n');
        }
        return page.toString();
    }

    private void inside(JsonNode schema, String path) {
        if (schema.has("properties")) {
            schema.get("properties").properties().forEach(entry -> key(entry.getValue(), path + "." + entry.getKey()));
            return;
        }
        JsonNode items = shape.resolve(schema.path("items"));
        if (items.has("properties")) {
            inside(items, path + "[]");
        }
        JsonNode others = schema.path("additionalProperties");
        if (others.isObject()) {
            JsonNode other = shape.resolve(others);
            String below = path + ".<" + other.path("title").asString("name") + ">";
            if (other.has("properties")) {
                inside(other, below);
            }
        }
    }

    private void key(JsonNode unresolved, String path) {
        JsonNode schema = shape.resolve(unresolved);
        page.append("| `")
                .append(path)
                .append("` | ")
                .append(Wording.type(schema))
                .append(" | ");
        page.append(standard(schema))
                .append(" | ")
                .append(Wording.bounds(schema))
                .append(" | ");
        page.append(schema.get("description").asString()).append(" |\n");
        inside(schema, path);
    }

    private static String standard(JsonNode schema) {
        JsonNode standard = schema.path("default");
        boolean nothing = standard.isMissingNode() || (standard.isObject() && schema.has("properties"));
        return nothing ? "" : "`" + (standard.isString() ? standard.asString() : standard.toString()) + "`";
    }
}
