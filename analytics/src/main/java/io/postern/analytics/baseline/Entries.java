package io.postern.analytics.baseline;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is learnt of one subject, found by trait, situation and text without a key being made. */
final class Entries {

    private final Map<Trait, Map<Situation, Map<String, Entry>>> tables = new EnumMap<>(Trait.class);
    private int size;

    @Nullable
    Entry find(Trait trait, Situation situation, String text) {
        @Nullable Map<Situation, Map<String, Entry>> bySituation = tables.get(trait);
        @Nullable Map<String, Entry> byText = bySituation == null ? null : bySituation.get(situation);
        return byText == null ? null : byText.get(text);
    }

    @Nullable
    Entry find(Entry.Key key) {
        return find(key.trait(), key.situation(), key.text());
    }

    private Map<String, Entry> table(Entry.Key key) {
        return tables.computeIfAbsent(key.trait(), trait -> new EnumMap<>(Situation.class))
                .computeIfAbsent(key.situation(), situation -> new HashMap<>());
    }

    /** In the place of the one that was there. */
    void put(Entry entry) {
        size += table(entry.key).put(entry.key.text(), entry) == null ? 1 : 0;
    }

    void remove(Entry entry) {
        size -= table(entry.key).remove(entry.key.text()) == null ? 0 : 1;
    }

    /** @return how many went */
    int removeIf(Predicate<Entry> which) {
        List<Entry> gone = all().stream().filter(which).toList();
        gone.forEach(this::remove);
        return gone.size();
    }

    int size() {
        return size;
    }

    /** As they are now. */
    List<Entry> all() {
        List<Entry> all = new ArrayList<>(size);
        tables.values().forEach(bySituation -> bySituation.values().forEach(byText -> all.addAll(byText.values())));
        return all;
    }
}
