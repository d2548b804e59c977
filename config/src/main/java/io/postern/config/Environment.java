package io.postern.config;

import io.postern.config.document.Position;
import io.postern.config.document.Setting;
import io.postern.config.document.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Overrides from the environment: {@code upstream.connect-timeout} is {@code POSTERN_UPSTREAM_CONNECT_TIMEOUT}. For
 * settings of one value; lists and what stands inside them are the file's.
 *
 * <p>Variables of other names are left alone, also those that begin alike: an orchestrator sets some of its own for a
 * service called postern.
 */
final class Environment {

    private static final Pattern WHOLE_NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");

    private final Map<String, List<String>> paths = new TreeMap<>();
    private final Shape shape;
    private final Map<String, String> variables;

    Environment(Shape shape, Map<String, String> variables) {
        this.shape = shape;
        this.variables = variables;
        collect(shape.schema(), List.of());
    }

    private void collect(JsonNode schema, List<String> path) {
        schema.path("properties").properties().forEach(property -> {
            List<String> below = new ArrayList<>(path);
            below.add(property.getKey());
            JsonNode child = shape.resolve(property.getValue());
            if (child.has("properties")) {
                collect(child, below);
            } else if (!child.path("type").asString("").equals("array") && !child.has("additionalProperties")) {
                paths.put(variable(below), below);
            }
        });
    }

    static String variable(List<String> path) {
        return "POSTERN_" + String.join("_", path).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** Every variable that is read, to its setting's keys. */
    Map<String, List<String>> names() {
        return paths;
    }

    /** The document with every override in its place; problems with one name the variable. */
    Setting over(Setting document) {
        Setting result = document;
        for (Map.Entry<String, List<String>> path : paths.entrySet()) {
            String text = variables.get(path.getKey());
            if (text != null) {
                result = result.with(path.getValue(), Position.of(path.getKey()), value(text));
            }
        }
        return result;
    }

    /** As YAML would take an unquoted scalar. */
    private static JsonNode value(String text) {
        if (WHOLE_NUMBER.matcher(text).matches()) {
            return JsonNodeFactory.instance.numberNode(Long.parseLong(text));
        }
        return text.equals("true") || text.equals("false")
                ? JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(text))
                : JsonNodeFactory.instance.stringNode(text);
    }
}
