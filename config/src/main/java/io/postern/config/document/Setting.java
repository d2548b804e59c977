package io.postern.config.document;

import io.postern.config.grammar.Units;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One value with its place. Immutable.
 *
 * <p>The typed accessors are for values a {@link Shape} has let through; asked for something else they throw
 * {@link IllegalStateException}, since then shape and reader disagree.
 *
 * @param path as in {@code listeners[0].bind}, empty for the root
 * @param at where the value starts
 * @param keyAt where its key starts; that of the value in a list
 * @param members of a mapping, in order; empty otherwise
 * @param items of a list, in order; empty otherwise
 */
public record Setting(
        String path, Position at, Position keyAt, JsonNode value, Map<String, Setting> members, List<Setting> items) {

    static Setting scalar(String path, Position at, Position keyAt, JsonNode value) {
        return new Setting(path, at, keyAt, value, Map.of(), List.of());
    }

    static Setting mapping(String path, Position at, Position keyAt, Map<String, Setting> members) {
        ObjectNode value = JsonNodeFactory.instance.objectNode();
        members.forEach((key, member) -> value.set(key, member.value()));
        return new Setting(
                path, at, keyAt, value, Collections.unmodifiableMap(new LinkedHashMap<>(members)), List.of());
    }

    static Setting list(String path, Position at, Position keyAt, List<Setting> items) {
        ArrayNode value = JsonNodeFactory.instance.arrayNode();
        items.forEach(item -> value.add(item.value()));
        return new Setting(path, at, keyAt, value, Map.of(), List.copyOf(items));
    }

    /** A tree that was not written anywhere, such as a default. */
    static Setting of(String path, Position at, JsonNode value) {
        if (value.isObject()) {
            Map<String, Setting> members = new LinkedHashMap<>();
            value.properties()
                    .forEach(entry ->
                            members.put(entry.getKey(), of(join(path, entry.getKey()), at, entry.getValue())));
            return mapping(path, at, at, members);
        }
        if (value.isArray()) {
            return list(
                    path,
                    at,
                    at,
                    IntStream.range(0, value.size())
                            .mapToObj(i -> of(join(path, i), at, value.get(i)))
                            .toList());
        }
        return scalar(path, at, at, value);
    }

    static String join(String path, String key) {
        if (!plain(key)) {
            return path + "[\"" + key + "\"]";
        }
        return path.isEmpty() ? key : path + "." + key;
    }

    private static boolean plain(String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) {
                return false;
            }
        }
        return !key.isEmpty();
    }

    static String join(String path, int index) {
        return path + "[" + index + "]";
    }

    /** Where it stands, without its value. */
    public Setting place() {
        return scalar(path, at, keyAt, JsonNodeFactory.instance.nullNode());
    }

    /** The same mapping without some of its members. */
    public Setting without(Set<String> keys) {
        Map<String, Setting> others = new LinkedHashMap<>(members);
        others.keySet().removeAll(keys);
        return mapping(path, at, keyAt, others);
    }

    /** A member that is required or has a default. */
    public Setting member(String key) {
        return find(key).orElseThrow(() -> new IllegalStateException("no " + join(path, key)));
    }

    public Optional<Setting> find(String key) {
        return Optional.ofNullable(members.get(key));
    }

    public String text() {
        return as(value.isString()).asString();
    }

    public boolean flag() {
        return as(value.isBoolean()).booleanValue();
    }

    public int integer() {
        return as(value.canConvertToInt()).intValue();
    }

    public Duration duration() {
        return Units.duration(text()).orElseThrow(() -> new IllegalStateException(path + " is no duration"));
    }

    /** A number of bytes. */
    public long size() {
        String text = value.isIntegralNumber() ? value.asString() : text();
        return Units.size(text).orElseThrow(() -> new IllegalStateException(path + " is no size"));
    }

    /** The items of a list, or the one value that stands for a list of one. */
    public List<Setting> each() {
        return value.isArray() ? items : List.of(this);
    }

    /** The texts of a list, or of the one value that stands for a list of one. */
    public List<String> texts() {
        return each().stream().map(Setting::text).toList();
    }

    /** The same document with one value more, or another in its place; unchanged where the way there is no mapping. */
    public Setting with(List<String> keys, Position source, JsonNode leaf) {
        if (keys.isEmpty()) {
            return of(path, source, leaf);
        }
        if (!value.isObject()) {
            return this;
        }
        String key = keys.get(0);
        Setting before = members.getOrDefault(key, mapping(join(path, key), at, at, Map.of()));
        Map<String, Setting> after = new LinkedHashMap<>(members);
        after.put(key, before.with(keys.subList(1, keys.size()), source, leaf));
        return mapping(path, at, keyAt, after);
    }

    private JsonNode as(boolean kind) {
        if (!kind) {
            throw new IllegalStateException(path + " is " + value.getNodeType());
        }
        return value;
    }
}
