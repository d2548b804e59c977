package io.postern.analytics.fleet;

/** One thing an app does, day after day. A record of its numbers; what it remembers is in its {@link Scene}. */
interface Behaviour {

    /** Plays the day of the scene. */
    void play(Scene scene);

    /** As labels and tables name it. */
    default String label() {
        return getClass().getSimpleName();
    }
}
