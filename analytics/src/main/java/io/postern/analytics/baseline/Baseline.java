package io.postern.analytics.baseline;

import java.util.Map;

/** All baselines at one time: immutable, swapped whole. */
public final class Baseline {

    public static final Baseline EMPTY = new Baseline(Map.of(), Map.of());

    private final Map<String, Profile> apps;
    private final Map<String, Profile> categories;

    Baseline(Map<String, Profile> apps, Map<String, Profile> categories) {
        this.apps = Map.copyOf(apps);
        this.categories = Map.copyOf(categories);
    }

    /** Of an app; {@link Profile#EMPTY} if nothing was learnt of it. */
    public Profile app(String name) {
        return apps.getOrDefault(name, Profile.EMPTY);
    }

    /** Distinct devices that an app was learnt from, of the app that has most of them. */
    public int devices() {
        return apps.values().stream().mapToInt(Profile::devices).max().orElse(0);
    }

    /** Distinct days that an app was learnt on, of the app that has most of them. */
    public int learntDays() {
        return apps.values().stream().mapToInt(Profile::learntDays).max().orElse(0);
    }

    /** Of all apps of a category together. */
    public Profile category(String name) {
        return categories.getOrDefault(name, Profile.EMPTY);
    }
}
