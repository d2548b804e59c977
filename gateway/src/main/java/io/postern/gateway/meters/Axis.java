package io.postern.gateway.meters;

import io.micrometer.core.instrument.Tag;
import java.util.Locale;
import java.util.function.Function;

/** One label of a family of counters: its name, and a value for each constant of an enum, so it is bounded. */
record Axis<E extends Enum<E>>(String label, Class<E> constants, Function<? super E, String> value) {

    /** For enums that have no label of their own: {@code BLOCK} is {@code block}. */
    static <E extends Enum<E>> Axis<E> lowerCase(String label, Class<E> constants) {
        return new Axis<>(label, constants, constant -> constant.name().toLowerCase(Locale.ROOT));
    }

    int size() {
        return constants.getEnumConstants().length;
    }

    Tag tag(E constant) {
        return Tag.of(label, value.apply(constant));
    }

    Tag tagAt(int index) {
        return tag(constants.getEnumConstants()[index]);
    }
}
