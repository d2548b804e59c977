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

    private final Set<Setting> refused;
    private final Problems problems;

    Settling(Set<Setting> refused, Problems problems) {
        this.refused = refused;
        this.problems = problems;
    }

    /** The value with all that belongs inside; empty when it, or something required in it, was refused. */
    Optional<Setting> settle(Setting setting, Form form) {
        if (refused.contains(setting) || !withinUnits(setting, form)) {
            return Optional.empty();
        }
        if (setting.isMapping()) {
            return members(setting, form)
                    .map(members -> Setting.mapping(setting.way(), setting.at(), setting.keyAt(), members));
        }
        if (setting.isList()) {
            Optional<Form> each = form.items();
            if (setting.items().isEmpty() || each.isEmpty()) {
                return Optional.of(setting);
            }
            List<Setting> items = new ArrayList<>(setting.items().size());
            setting.items().forEach(item -> settle(item, each.get()).ifPresent(items::add));
            return Optional.of(Setting.list(setting.way(), setting.at(), setting.keyAt(), items));
        }
        return Optional.of(setting);
    }

    private Optional<Map<String, Setting>> members(Setting setting, Form form) {
        Map<String, Setting> settled = new LinkedHashMap<>();
        for (Map.Entry<String, Form> property : form.properties().entrySet()) {
            String key = property.getKey();
            Optional<Setting> written = setting.find(key);
            Optional<Setting> member = written.flatMap(value -> settle(value, property.getValue()));
            if (member.isEmpty()) {
                member = standard(setting, key, property.getValue(), written.isPresent());
            }
            if (member.isEmpty() && form.requires(key)) {
                return Optional.empty();
            }
            member.ifPresent(value -> settled.put(key, value));
        }
        if (form.others().isPresent()) {
            Form others = form.others().get();
            setting.members()
                    .forEach((key, value) -> settle(value, others).ifPresent(member -> settled.put(key, member)));
        }
        return Optional.of(settled);
    }

    /** The default of a key, where its mapping stands; when it replaces a refused value, where nobody complains. */
    private Optional<Setting> standard(Setting parent, String key, Form form, boolean replaces) {
        JsonNode standard = form.standard();
        if (standard.isMissingNode()) {
            return Optional.empty();
        }
        Position at = replaces ? Position.NOWHERE : parent.at();
        return settle(Setting.of(parent.way().to(key), at, standard), form);
    }

    private boolean withinUnits(Setting setting, Form form) {
        if (form.least().isMissingNode() && form.most().isMissingNode()) {
            return true;
        }
        return form.duration()
                ? within(setting, Units::duration, form.least(), form.most())
                : within(setting, Units::size, form.least(), form.most());
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
