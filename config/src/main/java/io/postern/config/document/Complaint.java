package io.postern.config.document;

import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import io.postern.config.grammar.Nearest;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** One finding of the schema validator, in an operator's words: what it is, what it must be. */
final class Complaint {

    private static final int MAX_SHOWN = 64;

    private final Error error;
    private final Setting setting;
    private final JsonNode schema;

    Complaint(Error error, Setting document, Shape shape) {
        this.error = error;
        this.setting = find(document, error.getInstanceLocation());
        this.schema = schema(shape.schema(), error.getSchemaLocation().getFragment());
    }

    /** Says it, and names the setting that cannot be used for it. */
    Setting tell(Problems problems) {
        if (error.getKeyword().equals("additionalProperties")) {
            Setting stray = setting.member(error.getProperty());
            problems.atKey(stray, stray(error.getProperty()));
            return stray;
        }
        problems.at(setting, what());
        return setting;
    }

    private String what() {
        JsonNode value = setting.value();
        JsonNode bound = schema.path(error.getKeyword());
        return switch (error.getKeyword()) {
            case "type" ->
                value.isNull() ? "has no value, must be " + kinds() : "is " + shown(value) + ", must be " + kinds();
            case "enum" ->
                shown(value) + (later(text(value)) ? " is not in this version" : " is not known") + ", must be "
                        + listed(bound) + hint(text(value), bound);
            case "pattern" -> shown(value) + " is not " + article(title()) + ", must be " + form();
            case "minimum" -> "is " + text(value) + ", must be at least " + bound.asString();
            case "maximum" -> "is " + text(value) + ", must be at most " + bound.asString();
            case "minLength" -> "is empty, must have at least " + bound.asString() + " character";
            case "maxLength" -> "has " + text(value).length() + " characters, must have at most " + bound.asString();
            case "minItems" -> "has " + value.size() + " items, must have at least " + bound.asString();
            case "maxItems" -> "has " + value.size() + " items, must have at most " + bound.asString();
            case "maxProperties" -> "has " + value.size() + " keys, must have at most " + bound.asString();
            case "required" -> "has no " + error.getProperty() + ", must have one";
            default -> error.getMessage();
        };
    }

    private String stray(String key) {
        if (later(key)) {
            return "not in this version";
        }
        return "no such setting" + hint(key, schema.path("properties"));
    }

    private boolean later(String word) {
        return StreamSupport.stream(schema.path("x-later").spliterator(), false)
                .anyMatch(known -> known.asString().equals(word));
    }

    private static String hint(String word, JsonNode known) {
        Iterable<String> names = known.isObject()
                ? known.propertyNames()
                : StreamSupport.stream(known.spliterator(), false)
                        .map(JsonNode::asString)
                        .toList();
        Optional<String> nearest = Nearest.to(word, names);
        return nearest.map(name -> " (did you mean " + name + "?)").orElse("");
    }

    private String kinds() {
        if (schema.has("examples")) {
            return article(title()) + ", " + form();
        }
        JsonNode type = schema.path("type");
        return type.isString()
                ? kind(type.asString())
                : StreamSupport.stream(type.spliterator(), false)
                        .map(each -> kind(each.asString()))
                        .collect(Collectors.joining(" or "));
    }

    private static String kind(String type) {
        return switch (type) {
            case "object" -> "a mapping";
            case "array" -> "a list";
            case "string" -> "text";
            case "integer" -> "a whole number";
            case "boolean" -> "true or false";
            default -> type;
        };
    }

    private String form() {
        JsonNode examples = schema.path("examples");
        String such = examples.isEmpty() ? "" : "such as " + listed(examples);
        JsonNode grammar = schema.path("x-grammar");
        return grammar.isMissingNode() ? such : grammar.asString();
    }

    private static String article(String noun) {
        return ("aeiou".indexOf(noun.charAt(0)) < 0 ? "a " : "an ") + noun;
    }

    private String title() {
        return schema.path("title").asString(error.getKeyword());
    }

    private static String listed(JsonNode values) {
        return StreamSupport.stream(values.spliterator(), false)
                .map(JsonNode::asString)
                .collect(Collectors.joining(", "));
    }

    private static String shown(JsonNode value) {
        if (value.isObject()) {
            return "a mapping";
        }
        if (value.isArray()) {
            return "a list";
        }
        return value.isString() ? quoted(value.asString()) : value.asString();
    }

    /** As text between quotes, cut where it gets long. */
    static String quoted(String text) {
        return "'" + (text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text) + "'";
    }

    private static String text(JsonNode value) {
        return value.asString("");
    }

    private static Setting find(Setting document, NodePath path) {
        Setting found = document;
        for (int i = 0; i < path.getNameCount(); i++) {
            Object element = path.getElement(i);
            found = element instanceof Integer index ? found.items().get(index) : found.member(element.toString());
        }
        return found;
    }

    /** The schema object whose keyword was not kept. */
    private static JsonNode schema(JsonNode root, NodePath keyword) {
        JsonNode found = root;
        for (int i = 0; i < keyword.getNameCount() - 1; i++) {
            Object element = keyword.getElement(i);
            found = element instanceof Integer index ? found.path(index) : found.path(element.toString());
        }
        return found;
    }
}
