package io.postern.config.document;

import io.postern.config.grammar.Units;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Goes down a document and its schema together: fills in defaults, keeps out what was refused, checks unit bounds. */
final class Settling {

    private final Shape shape;
    private final Set<Setting> refused;
    private final Problems problems;

    Settling(Shape shape, Set<Setting> refused, Problems problems) {
        this.shape = shape;
        this.refused = refused;
        this.problems = problems;
    }

    /** The value with all that belongs inside; empty when it, or something required in it, was refused. */
    Optional<Setting> settle(Setting setting, JsonNode unresolved) {
        JsonNode schema = shape.resolve(unresolved);
        if (refused.contains(setting) || !withinUnits(setting, schema)) {
            return Optional.empty();
        }
        if (setting.value().isObject()) {
            return members(setting, schema)
                    .map(members -> Setting.mapping(setting.path(), setting.at(), setting.keyAt(), members));
        }
        if (setting.value().isArray()) {
            List<Setting> items = new ArrayList<>();
            setting.items().forEach(item -> settle(item, schema.path("items")).ifPresent(items::add));
            return Optional.of(Setting.list(setting.path(), setting.at(), setting.keyAt(), items));
        }
        return Optional.of(setting);
    }

    private Optional<Map<String, Setting>> members(Setting setting, JsonNode schema) {
        Map<String, Setting> settled = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            String key = property.getKey();
            Optional<Setting> written = setting.find(key);
            Optional<Setting> member = written.flatMap(value -> settle(value, property.getValue()))
                    .or(() -> standard(setting, key, property.getValue(), written.isPresent()));
            if (member.isEmpty() && required(schema, key)) {
                return Optional.empty();
            }
            member.ifPresent(value -> settled.put(key, value));
        }
        JsonNode others = schema.path("additionalProperties");
        if (others.isObject()) {
            setting.members()
                    .forEach((key, value) -> settle(value, others).ifPresent(member -> settled.put(key, member)));
        }
        return Optional.of(settled);
    }

    /** The default of a key, where its mapping stands; when it replaces a refused value, where nobody complains. */
    private Optional<Setting> standard(Setting parent, String key, JsonNode unresolved, boolean replaces) {
        JsonNode standard = shape.resolve(unresolved).path("default");
        if (standard.isMissingNode()) {
            return Optional.empty();
        }
        Position at = replaces ? Position.NOWHERE : parent.at();
        return settle(Setting.of(Setting.join(parent.path(), key), at, standard), unresolved);
    }

    private static boolean required(JsonNode schema, String key) {
        for (JsonNode name : schema.path("required")) {
            if (name.asString().equals(key)) {
                return true;
            }
        }
        return false;
    }

    private boolean withinUnits(Setting setting, JsonNode schema) {
        JsonNode least = schema.path("x-minimum");
        JsonNode most = schema.path("x-maximum");
        if (least.isMissingNode() && most.isMissingNode()) {
            return true;
        }
        return schema.path("title").asString().equals("duration")
                ? within(setting, Units::duration, least, most)
                : within(setting, Units::size, least, most);
    }

    private <T extends Comparable<T>> boolean within(
            Setting setting, Function<String, Optional<T>> unit, JsonNode least, JsonNode most) {
        Optional<T> value = unit.apply(setting.value().asString());
        Optional<T> low = unit.apply(least.asString(""));
        Optional<T> high = unit.apply(most.asString(""));
        if (value.isPresent() && low.isPresent() && value.get().compareTo(low.get()) < 0) {
            problems.at(setting, "is " + setting.value().asString() + ", must be at least " + least.asString());
            return false;
        }
        if (value.isPresent() && high.isPresent() && value.get().compareTo(high.get()) > 0) {
            problems.at(setting, "is " + setting.value().asString() + ", must be at most " + most.asString());
            return false;
        }
        return value.isPresent();
    }
}
