package io.postern.gateway.evidence;

import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls one device by one name, whatever lines call it that were written at different times. */
public final class DeviceMask {

    private final Pattern words;
    private final String name;

    /**
     * @param all that it may be called
     * @param name what it is called
     */
    public DeviceMask(List<String> all, String name) {
        this.words = Pattern.compile(
                all.stream().map(Pattern::quote).collect(Collectors.joining("|", word(true), ")")) + word(false));
        this.name = name;
    }

    /** No id goes on with these, so that one is not found inside another. */
    private static String word(boolean before) {
        return before ? "(?<![A-Za-z0-9_.-])(?:" : "(?![A-Za-z0-9_-]|[.][A-Za-z0-9])";
    }

    /** Whether a text names it. */
    public boolean names(String text) {
        return words.matcher(text).find();
    }

    /** The same, every text in it changed. */
    public JsonNode of(JsonNode record) {
        return changed(record.deepCopy(), text -> words.matcher(text).replaceAll(Matcher.quoteReplacement(name)));
    }

    private static JsonNode changed(JsonNode node, Function<String, String> text) {
        if (node instanceof ObjectNode object) {
            for (String member : List.copyOf(object.propertyNames())) {
                JsonNode value = object.get(member);
                if (value.isString()) {
                    object.put(member, text.apply(value.asString()));
                } else {
                    changed(value, text);
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode value = array.get(i);
                if (value.isString()) {
                    array.set(i, array.stringNode(text.apply(value.asString())));
                } else {
                    changed(value, text);
                }
            }
        }
        return node;
    }
}
