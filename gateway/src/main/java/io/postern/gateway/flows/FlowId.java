package io.postern.gateway.flows;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Names flows: 26 characters that sort by opening time and are not guessable from each other's neighbours
 * (48 bits of milliseconds, 80 of randomness, Crockford's base 32: the ULID layout).
 */
public final class FlowId {

    private static final char[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int TIME_CHARS = 10;
    private static final int RANDOM_CHARS = 8;

    private FlowId() {}

    public static String at(long millis) {
        char[] id = new char[TIME_CHARS + 2 * RANDOM_CHARS];
        ThreadLocalRandom random = ThreadLocalRandom.current();
        put(id, 0, TIME_CHARS, millis);
        put(id, TIME_CHARS, RANDOM_CHARS, random.nextLong());
        put(id, TIME_CHARS + RANDOM_CHARS, RANDOM_CHARS, random.nextLong());
        return new String(id);
    }

    private static void put(char[] id, int from, int chars, long value) {
        for (int i = from + chars - 1; i >= from; i--) {
            id[i] = ALPHABET[(int) (value & 31)];
            value >>>= 5;
        }
    }
}
