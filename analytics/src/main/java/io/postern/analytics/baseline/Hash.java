package io.postern.analytics.baseline;

/** 64 bits of a text, well spread; not for secrets, and what it finds is compared as text. */
final class Hash {

    private static final long OFFSET = 0xCBF29CE484222325L;
    private static final long PRIME = 0x100000001B3L;

    private Hash() {}

    static long of(CharSequence text) {
        return spread(grow(OFFSET, text));
    }

    /** Of the one, a space and the other, without making that text. */
    static long of(CharSequence one, CharSequence other) {
        return spread(grow((grow(OFFSET, one) ^ ' ') * PRIME, other));
    }

    /** Of the text, a colon and the number, without making that text. */
    static long of(CharSequence text, int number) {
        return spread(grow(OFFSET, text) ^ ':') + number;
    }

    private static long grow(long hash, CharSequence text) {
        long grown = hash;
        for (int i = 0; i < text.length(); i++) {
            grown = (grown ^ text.charAt(i)) * PRIME;
        }
        return grown;
    }

    /** MurmurHash3's finaliser: every bit of the one depends on every bit of the other. */
    static long spread(long hash) {
        long mixed = hash;
        mixed = (mixed ^ (mixed >>> 33)) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ (mixed >>> 33);
    }
}
