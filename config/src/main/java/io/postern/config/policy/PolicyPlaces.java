package io.postern.config.policy;

import io.postern.config.document.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where each part of a policy was written, without what was written there: a whole policy is held only once. */
final class PolicyPlaces {

    private final Map<String, Map<String, Setting>> sections = new LinkedHashMap<>();
    private final List<Setting> rules = new ArrayList<>();
    private final List<Setting> exceptions = new ArrayList<>();

    void add(Setting root, PolicyEntries entries) {
        root.members()
                .forEach((name, section) -> section.members()
                        .forEach((key, value) -> sections.computeIfAbsent(name, some -> new LinkedHashMap<>())
                                .putIfAbsent(key, value.place())));
        rules.addAll(entries.ruleNames());
        exceptions.addAll(entries.exceptionPlaces());
    }

    /** By their names. */
    Map<String, Setting> section(String name) {
        return sections.getOrDefault(name, Map.of());
    }

    /** The names of the rules, in the order of the policy. */
    List<Setting> rules() {
        return rules;
    }

    /** In the order of the policy. */
    List<Setting> exceptions() {
        return exceptions;
    }
}
