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

    /** Of all apps of a category together. */
    public Profile category(String name) {
        return categories.getOrDefault(name, Profile.EMPTY);
    }
}
