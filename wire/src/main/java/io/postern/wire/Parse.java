package io.postern.wire;

/**
 * What a parser can say about the bytes so far. Four answers, none an exception: the peer's bytes are data.
 *
 * @param <T> what the bytes turn out to be
 */
public sealed interface Parse<T> {

    /**
     * Undecided; asking again is useless before this many bytes are there.
     *
     * @param total bytes from the first one, always more than were shown
     */
    record NeedMore<T>(int total) implements Parse<T> {}

    /**
     * Certain, and understood.
     *
     * @param consumed bytes from the first one that belong to the value; the rest is the peer's next message
     */
    record Done<T>(T value, int consumed) implements Parse<T> {}

    /** Certain too: these bytes are something else. */
    record NotThis<T>() implements Parse<T> {

        private static final NotThis<?> SHARED = new NotThis<>();
    }

    /** {@link NotThis}, without making one: most parsers refuse most streams at their first byte. */
    @SuppressWarnings("unchecked") // it holds no T
    static <T> Parse<T> notThis() {
        return (Parse<T>) NotThis.SHARED;
    }

    /**
     * Certainly meant to be this, and breaks a rule of it.
     *
     * @param rule the rule broken, short and with its source, without any of the peer's bytes
     */
    record Malformed<T>(String rule) implements Parse<T> {}
}
