package io.postern.config.document;

import io.postern.config.grammar.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One value with its place. Immutable.
 *
 * <p>The typed accessors are for values a {@link Shape} has let through; asked for something else they throw
 * {@link IllegalStateException}, since then shape and reader disagree.
 */
public final class Setting {

    private final Way way;
    private final Position at;
    private final Position keyAt;
    /** Of these three two are empty; a list is not null. */
    private final @Nullable JsonNode scalar;

    private final Map<String, Setting> members;
    private final @Nullable List<Setting> items;

    private Setting(
            Way way,
            Position at,
            Position keyAt,
            @Nullable JsonNode scalar,
            Map<String, Setting> members,
            @Nullable List<Setting> items) {
        this.way = way;
        this.at = at;
        this.keyAt = keyAt;
        this.scalar = scalar;
        this.members = members;
        this.items = items;
    }

    static Setting scalar(Way way, Position at, Position keyAt, JsonNode value) {
        return new Setting(way, at, keyAt, value, Map.of(), null);
    }

    /** @param members in order; not to be changed any more */
    static Setting mapping(Way way, Position at, Position keyAt, Map<String, Setting> members) {
        return new Setting(way, at, keyAt, null, Collections.unmodifiableMap(members), null);
    }

    /** @param items not to be changed any more */
    static Setting list(Way way, Position at, Position keyAt, List<Setting> items) {
        return new Setting(way, at, keyAt, null, Map.of(), Collections.unmodifiableList(items));
    }

    /** A tree that was not written anywhere, such as a default. */
    static Setting of(Way way, Position at, JsonNode value) {
        if (value.isObject()) {
            Map<String, Setting> members = new LinkedHashMap<>();
            value.properties()
                    .forEach(entry -> members.put(entry.getKey(), of(way.to(entry.getKey()), at, entry.getValue())));
            return mapping(way, at, at, members);
        }
        if (value.isArray()) {
            List<Setting> items = new ArrayList<>(value.size());
            value.forEach(item -> items.add(of(way.to(items.size()), at, item)));
            return list(way, at, at, items);
        }
        return scalar(way, at, at, value);
    }

    Way way() {
        return way;
    }

    /** As in {@code listeners[0].bind}, empty for the root. */
    public String path() {
        return way.toString();
    }

    /** Where the value starts. */
    public Position at() {
        return at;
    }

    /** Where its key starts; that of the value in a list. */
    public Position keyAt() {
        return keyAt;
    }

    /** Of a mapping, in order; empty otherwise. */
    public Map<String, Setting> members() {
        return members;
    }

    /** Of a list, in order; empty otherwise. */
    public List<Setting> items() {
        return items == null ? List.of() : items;
    }

    /** All of it as JSON, made anew of a mapping or a list. */
    public JsonNode value() {
        if (scalar != null) {
            return scalar;
        }
        if (items != null) {
            ArrayNode value = JsonNodeFactory.instance.arrayNode();
            items.forEach(item -> value.add(item.value()));
            return value;
        }
        ObjectNode value = JsonNodeFactory.instance.objectNode();
        members.forEach((key, member) -> value.set(key, member.value()));
        return value;
    }

    boolean isMapping() {
        return scalar == null && items == null;
    }

    boolean isList() {
        return items != null;
    }

    /** Where it stands, without its value. */
    public Setting place() {
        return scalar(way, at, keyAt, JsonNodeFactory.instance.nullNode());
    }

    /** The same mapping without some of its members. */
    public Setting without(Set<String> keys) {
        Map<String, Setting> others = new LinkedHashMap<>(members);
        others.keySet().removeAll(keys);
        return mapping(way, at, keyAt, others);
    }

    /** A member that is required or has a default. */
    public Setting member(String key) {
        Setting member = members.get(key);
        if (member == null) {
            throw new IllegalStateException("no " + way.to(key));
        }
        return member;
    }

    public Optional<Setting> find(String key) {
        return Optional.ofNullable(members.get(key));
    }

    public String text() {
        return as(scalar != null && scalar.isString()).asString();
    }

    public boolean flag() {
        return as(scalar != null && scalar.isBoolean()).booleanValue();
    }

    public int integer() {
        return as(scalar != null && scalar.canConvertToInt()).intValue();
    }

    /** 0 to 1. */
    public double share() {
        return Double.parseDouble(as(scalar != null && (scalar.isString() || scalar.isIntegralNumber()))
                .asString());
    }

    public Duration duration() {
        return Units.duration(text()).orElseThrow(() -> new IllegalStateException(path() + " is no duration"));
    }

    /** A number of bytes. */
    public long size() {
        String text = scalar != null && scalar.isIntegralNumber() ? scalar.asString() : text();
        return Units.size(text).orElseThrow(() -> new IllegalStateException(path() + " is no size"));
    }

    /** The items of a list, or the one value that stands for a list of one. */
    public List<Setting> each() {
        return items == null ? List.of(this) : items;
    }

    /** The texts of a list, or of the one value that stands for a list of one. */
    public List<String> texts() {
        List<Setting> each = each();
        if (each.isEmpty()) {
            return List.of();
        }
        return each.size() == 1
                ? List.of(each.get(0).text())
                : each.stream().map(Setting::text).toList();
    }

    /** The same document with one value more, or another in its place; unchanged where the way there is no mapping. */
    public Setting with(List<String> keys, Position source, JsonNode leaf) {
        if (keys.isEmpty()) {
            return of(way, source, leaf);
        }
        if (!isMapping()) {
            return this;
        }
        String key = keys.get(0);
        Setting before = members.getOrDefault(key, mapping(way.to(key), at, at, Map.of()));
        Map<String, Setting> after = new LinkedHashMap<>(members);
        after.put(key, before.with(keys.subList(1, keys.size()), source, leaf));
        return mapping(way, at, keyAt, after);
    }

    private JsonNode as(boolean kind) {
        JsonNode value = value();
        if (!kind) {
            throw new IllegalStateException(path() + " is " + value.getNodeType());
        }
        return value;
    }
}
