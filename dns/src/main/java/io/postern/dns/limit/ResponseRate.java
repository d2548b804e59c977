package io.postern.dns.limit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many answers one source gets in a second. Beyond that every second datagram is answered by "ask by TCP", and the
 * others by nothing: a flood in somebody else's name is not passed on to him. Whoever is who he says still gets through, as
 * long as his connections are counted by another one of these than datagrams, which may be forged.
 *
 * <p>{@value #PLACES} places, chosen by a keyed hash, 512 KiB whatever comes; two sources at one place share it.
 * Thread-safe.
 */
public final class ResponseRate {

    private static final int PLACES = 1 << 16;
    private static final int COUNT_BITS = 24;
    private static final long COUNT = (1 << COUNT_BITS) - 1;

    private final AtomicLongArray places = new AtomicLongArray(PLACES);
    private final int perSecond;
    private final int key;

    /** What becomes of a question. */
    public enum Word {
        ANSWER,
        /** Nothing but that it shall be asked by TCP. */
        TRUNCATE,
        DROP
    }

    /**
     * @param perSecond 1 to 1,000,000
     * @param key random, so that nobody can choose whom to share a place with
     */
    public ResponseRate(int perSecond, int key) {
        if (perSecond < 1 || perSecond > 1_000_000) {
            throw new IllegalArgumentException("queries-per-second is " + perSecond + ", must be 1 to 1000000");
        }
        this.perSecond = perSecond;
        this.key = key;
    }

    /**
     * Counts one.
     *
     * @param source a hash of whom it is counted for
     * @param nanos of a clock that goes forward
     */
    public Word take(int source, long nanos) {
        long second = TimeUnit.NANOSECONDS.toSeconds(nanos) << COUNT_BITS;
        int place = place(source);
        long before = places.get(place);
        long after = next(before, second);
        while (!places.compareAndSet(place, before, after)) {
            before = places.get(place);
            after = next(before, second);
        }
        long count = after & COUNT;
        if (count <= perSecond) {
            return Word.ANSWER;
        }
        return (count & 1) == 0 ? Word.TRUNCATE : Word.DROP;
    }

    private static long next(long before, long second) {
        return (before & ~COUNT) == second ? before + ((before & COUNT) == COUNT ? 0 : 1) : second | 1;
    }

    /** MurmurHash3's finalizer over source and key. */
    private int place(int source) {
        int hash = source ^ key;
        hash = (hash ^ hash >>> 16) * 0x85ebca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
        return (hash ^ hash >>> 16) & (PLACES - 1);
    }
}
