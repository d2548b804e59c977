package io.postern.analytics.fleet;

import java.util.List;

/**
 * An app of the catalogue.
 *
 * @param name package
 * @param share of devices that have it, 0 to 1
 * @param appeal how often it is opened beside the others; 0 of what has no screen
 * @param managed whether management installed it; the others came from the store
 */
record App(String name, Category category, double share, double appeal, boolean managed, List<Behaviour> behaviours) {

    App {
        behaviours = List.copyOf(behaviours);
    }

    static App managed(String name, Category category, double share, double appeal, Behaviour... behaviours) {
        return new App(name, category, share, appeal, true, List.of(behaviours));
    }

    static App own(String name, Category category, double share, double appeal, Behaviour... behaviours) {
        return new App(name, category, share, appeal, false, List.of(behaviours));
    }
}
