package io.postern.gateway.facts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Values as attributes have them: texts, longs, doubles, flags, lists of texts. */
final class Scalars {

    private Scalars() {}

    /** @return empty for what is none of them, or missing, or null */
    static Optional<Object> of(JsonNode value) {
        if (value.isString()) {
            return Optional.of(value.asString());
        }
        if (value.isBoolean()) {
            return Optional.of(value.booleanValue());
        }
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return Optional.of(value.longValue());
        }
        if (value.isNumber()) {
            return Optional.of(value.doubleValue());
        }
        return value.isArray() ? texts(value) : Optional.empty();
    }

    private static Optional<Object> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        for (JsonNode one : list) {
            if (!one.isString()) {
                return Optional.empty();
            }
            texts.add(one.asString());
        }
        return Optional.of(List.copyOf(texts));
    }

    /** A constant of the settings, where everything is a text. */
    static Object of(String constant) {
        if (constant.equals("true") || constant.equals("false")) {
            return constant.equals("true");
        }
        try {
            return Long.parseLong(constant);
        } catch (NumberFormatException text) {
            return constant;
        }
    }
}
