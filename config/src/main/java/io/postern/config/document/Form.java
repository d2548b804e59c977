package io.postern.config.document;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A schema made ready to be gone down with a document. Knows the keywords that our schemas have, and says at once
 * whether a document keeps them; only of one that does not the validator is asked what is wrong.
 *
 * <p>Where in doubt it says no: what it takes, the validator takes.
 */
final class Form {

    private static final Set<String> KNOWN = Set.of(
            "type",
            "enum",
            "pattern",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "maxProperties",
            "required",
            "properties",
            "additionalProperties",
            "items",
            "x-minimum",
            "x-maximum",
            "x-grammar",
            "x-later",
            "default",
            "title",
            "description",
            "examples",
            "$schema",
            "$defs");

    private final Set<String> types;
    private final Set<JsonNode> values = new HashSet<>();
    private final @Nullable Pattern pattern;
    private final long minimum;
    private final long maximum;
    private final int minLength;
    private final int maxLength;
    private final int minItems;
    private final int maxItems;
    private final int maxProperties;
    private final Set<String> required;
    private final Map<String, Form> properties = new LinkedHashMap<>();
    private final boolean closed;
    private final @Nullable Form others;
    private final @Nullable Form items;

    private final JsonNode standard;
    private final JsonNode least;
    private final JsonNode most;
    private final boolean duration;

    private Form(JsonNode schema, Shape shape, Map<JsonNode, Form> forms) {
        forms.put(schema, this);
        schema.propertyNames().forEach(keyword -> {
            if (!KNOWN.contains(keyword)) {
                throw new IllegalStateException("schema has " + keyword + ", which is not known here");
            }
        });
        types = texts(schema.path("type"));
        schema.path("enum").forEach(values::add);
        pattern = schema.has("pattern") ? anchored(schema.path("pattern").asString()) : null;
        minimum = schema.path("minimum").asLong(Long.MIN_VALUE);
        maximum = schema.path("maximum").asLong(Long.MAX_VALUE);
        minLength = schema.path("minLength").asInt(0);
        maxLength = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        minItems = schema.path("minItems").asInt(0);
        maxItems = schema.path("maxItems").asInt(Integer.MAX_VALUE);
        maxProperties = schema.path("maxProperties").asInt(Integer.MAX_VALUE);
        required = texts(schema.path("required"));
        schema.path("properties")
                .properties()
                .forEach(property -> properties.put(property.getKey(), of(property.getValue(), shape, forms)));
        JsonNode additional = schema.path("additionalProperties");
        closed = additional.isBoolean() && !additional.booleanValue();
        others = additional.isObject() ? of(additional, shape, forms) : null;
        items = schema.has("items") ? of(schema.path("items"), shape, forms) : null;
        standard = schema.path("default");
        least = schema.path("x-minimum");
        most = schema.path("x-maximum");
        duration = schema.path("title").asString("").equals("duration");
    }

    /** @param forms those that were made, for a schema may stand inside itself */
    static Form of(JsonNode unresolved, Shape shape, Map<JsonNode, Form> forms) {
        JsonNode schema = shape.resolve(unresolved);
        @Nullable Form before = forms.get(schema);
        return before != null ? before : new Form(schema, shape, forms);
    }

    private static Set<String> texts(JsonNode one) {
        Set<String> texts = new HashSet<>();
        if (one.isString()) {
            texts.add(one.asString());
        }
        one.forEach(text -> texts.add(text.asString()));
        return texts;
    }

    private static Pattern anchored(String pattern) {
        if (!pattern.startsWith("^") || !pattern.endsWith("$")) {
            throw new IllegalStateException("schema has the pattern " + pattern + ", which must have both its ends");
        }
        return Pattern.compile(pattern);
    }

    /** Whether all of it is of this form. */
    boolean fits(Setting setting) {
        if (setting.isMapping()) {
            return takes("object") && fitsMapping(setting.members());
        }
        if (setting.isList()) {
            int size = setting.items().size();
            return takes("array") && size >= minItems && size <= maxItems && fitsItems(setting);
        }
        return fitsScalar(setting.value());
    }

    private boolean takes(String type) {
        return (types.isEmpty() || types.contains(type)) && values.isEmpty();
    }

    private boolean fitsMapping(Map<String, Setting> members) {
        if (members.size() > maxProperties || !members.keySet().containsAll(required)) {
            return false;
        }
        for (Map.Entry<String, Setting> member : members.entrySet()) {
            @Nullable Form form = properties.getOrDefault(member.getKey(), others);
            if (form == null ? closed : !form.fits(member.getValue())) {
                return false;
            }
        }
        return true;
    }

    private boolean fitsItems(Setting list) {
        if (items == null) {
            return true;
        }
        for (Setting item : list.items()) {
            if (!items.fits(item)) {
                return false;
            }
        }
        return true;
    }

    private boolean fitsScalar(JsonNode value) {
        boolean fits;
        if (value.isString()) {
            fits = types.contains("string") && fitsText(value.asString());
        } else if (value.isIntegralNumber()) {
            fits = types.contains("integer")
                    && value.canConvertToLong()
                    && value.longValue() >= minimum
                    && value.longValue() <= maximum;
        } else {
            fits = value.isBoolean() && types.contains("boolean");
        }
        return fits && (values.isEmpty() || values.contains(value));
    }

    private boolean fitsText(String text) {
        return text.length() <= maxLength
                && text.codePointCount(0, text.length()) >= minLength
                && (pattern == null || pattern.matcher(text).matches());
    }

    /** Those that have a name, in order. */
    Map<String, Form> properties() {
        return properties;
    }

    /** Of keys that have no name here. */
    Optional<Form> others() {
        return Optional.ofNullable(others);
    }

    Optional<Form> items() {
        return Optional.ofNullable(items);
    }

    boolean requires(String key) {
        return required.contains(key);
    }

    /** What holds where nothing is written; missing when there is none. */
    JsonNode standard() {
        return standard;
    }

    /** Of a duration or a size; missing when there is none. */
    JsonNode least() {
        return least;
    }

    JsonNode most() {
        return most;
    }

    /** Whether those are durations; sizes otherwise. */
    boolean duration() {
        return duration;
    }
}
