package io.postern.gateway.meters;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** One value for every constant of an enum: a map that has no absent keys. */
final class ByConstant<E extends Enum<E>, V> {
    private final List<V> values = new ArrayList<>();

    ByConstant(Class<E> constants, Function<? super E, ? extends V> value) {
        for (E constant : constants.getEnumConstants()) {
            values.add(value.apply(constant));
        }
    }

    @SuppressWarnings("EnumOrdinal") // An index into values of this process; nothing is stored or compared by it.
    V of(E constant) {
        return values.get(constant.ordinal());
    }
}
