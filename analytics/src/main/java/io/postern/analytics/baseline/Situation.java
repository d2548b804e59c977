package io.postern.analytics.baseline;

import io.postern.analytics.context.Truth;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** In what state of the app a flow began. */
public enum Situation {
    /** In the foreground of an unlocked device. */
    ACTIVE,
    /** In the background, or the device locked. */
    BACKGROUND,
    /** Nobody reports it. */
    UNKNOWN;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }

    public static Optional<Situation> of(String label) {
        return Stream.of(values()).filter(one -> one.label.equals(label)).findFirst();
    }

    /** What two facts come to: one of them is enough for the background, both are needed against it. */
    public static Situation of(Truth background, Truth locked) {
        if (background == Truth.TRUE || locked == Truth.TRUE) {
            return BACKGROUND;
        }
        return background == Truth.FALSE && locked == Truth.FALSE ? ACTIVE : UNKNOWN;
    }
}
