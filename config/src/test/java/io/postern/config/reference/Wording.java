package io.postern.config.reference;

import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** How the reference speaks of one key's schema; the schema has its references followed. */
final class Wording {

    private Wording() {}

    static String type(JsonNode schema) {
        if (schema.has("enum")) {
            return list(schema.get("enum"));
        }
        if (schema.has("title")) {
            return schema.get("title").asString();
        }
        return switch (schema.path("type").asString("")) {
            case "boolean" -> "true, false";
            case "integer" -> "whole number";
            case "array" -> "list";
            case "object" -> "mapping";
            default -> "text";
        };
    }

    static String bounds(JsonNode schema) {
        if (schema.has("x-minimum")) {
            return schema.get("x-minimum").asString() + " to "
                    + schema.get("x-maximum").asString();
        }
        if (schema.has("x-grammar")) {
            return schema.get("x-grammar").asString();
        }
        if (schema.has("minimum")) {
            return schema.get("minimum").asString() + " to "
                    + schema.get("maximum").asString();
        }
        if (schema.has("maxItems")) {
            return schema.path("minItems").asInt(0) + " to "
                    + schema.get("maxItems").asString() + " items";
        }
        if (schema.has("maxProperties")) {
            return "at most " + schema.get("maxProperties").asString();
        }
        return "";
    }

    static String list(JsonNode values) {
        return StreamSupport.stream(values.spliterator(), false)
                .map(JsonNode::asString)
                .collect(Collectors.joining(", "));
    }
}
