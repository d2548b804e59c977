package io.postern.analytics.context;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was told of each app of each profile. When there are too many, the app goes of which nothing was told for longest, of
 * those outside the inventory that the source alone tells of that has most of them: who names apps without number has others'
 * forgotten only until it has as many as they.
 */
final class AppTable {

    /** In place of a source: those that several tell of. */
    private static final int SHARED = 16;

    private final ContextLimits limits;
    private final List<Source> sources;
    private final Map<String, Map<String, AppFacts>> apps = new HashMap<>(4);
    private int size;
    private long evicted;

    /** What was found last: of one event the same app is asked for again and again. */
    private @Nullable AppFacts found;

    private String foundProfile = "";
    private String foundApp = "";

    /** @param sources that tell, by their numbers; it grows */
    AppTable(ContextLimits limits, List<Source> sources) {
        this.limits = limits;
        this.sources = sources;
    }

    interface Each<E extends Exception> {
        void app(String profile, String app, AppFacts facts) throws E;
    }

    <E extends Exception> void each(Each<E> each) throws E {
        for (Map.Entry<String, Map<String, AppFacts>> ofProfile : apps.entrySet()) {
            for (Map.Entry<String, AppFacts> app : ofProfile.getValue().entrySet()) {
                each.app(ofProfile.getKey(), app.getKey(), app.getValue());
            }
        }
    }

    @Nullable
    AppFacts find(String profile, String app) {
        if (found != null && foundApp.equals(app) && foundProfile.equals(profile)) {
            return found;
        }
        @Nullable Map<String, AppFacts> ofProfile = apps.get(profile);
        found = ofProfile == null ? null : ofProfile.get(app);
        foundProfile = profile;
        foundApp = app;
        return found;
    }

    /** Its facts, made if need be; null where there are too many apps. */
    @Nullable
    AppFacts take(String profile, String app, long millis) {
        @Nullable AppFacts facts = find(profile, app);
        if (facts == null) {
            if (size >= limits.apps() && !makeRoom()) {
                return null;
            }
            facts = new AppFacts(limits);
            apps.computeIfAbsent(profile, unused -> new HashMap<>()).put(app, facts);
            size++;
        }
        facts.lastMillis = Math.max(facts.lastMillis, millis);
        return facts;
    }

    private boolean makeRoom() {
        int payer = fullest();
        @Nullable Map<String, AppFacts> where = null;
        String which = "";
        long oldest = Long.MAX_VALUE;
        for (Map<String, AppFacts> ofProfile : apps.values()) {
            for (Map.Entry<String, AppFacts> one : ofProfile.entrySet()) {
                AppFacts facts = one.getValue();
                if (facts.lastMillis < oldest && payer(facts) == payer) {
                    oldest = facts.lastMillis;
                    where = ofProfile;
                    which = one.getKey();
                }
            }
        }
        if (where == null) {
            return false;
        }
        where.remove(which);
        found = null;
        size--;
        evicted++;
        return true;
    }

    /** Whose share has most apps. */
    private int fullest() {
        int[] counts = new int[SHARED + 1];
        int fullest = SHARED;
        for (Map<String, AppFacts> ofProfile : apps.values()) {
            for (AppFacts facts : ofProfile.values()) {
                int payer = payer(facts);
                if (payer >= 0 && ++counts[payer] > counts[fullest]) {
                    fullest = payer;
                }
            }
        }
        return fullest;
    }

    /** Whose share it is taken from; -1: of nobody's, it is in the inventory. */
    private int payer(AppFacts facts) {
        if (!facts.inventory.told().isEmpty()) {
            return -1;
        }
        int first = Integer.numberOfTrailingZeros(facts.tellers);
        for (int i = first + 1; i < sources.size(); i++) {
            // One source may tell at once and in batches.
            if ((facts.tellers >> i & 1) == 1 && !sources.get(i).name.equals(sources.get(first).name)) {
                return SHARED;
            }
        }
        return first < sources.size() ? number(sources.get(first).name) : SHARED;
    }

    private int number(String name) {
        int first = 0;
        while (!sources.get(first).name.equals(name)) {
            first++;
        }
        return first;
    }

    int size() {
        return size;
    }

    /** Apps that had to go. */
    long evicted() {
        return evicted;
    }
}
