package io.postern.gateway.context;

import java.security.SecureRandom;

/**
 * The ids that one source gave its last events: a generation of them at least, two at most, 16 bytes each. Two
 * different ones are taken for the same once in 2^40 events or so; a number of this run keeps a source from choosing
 * which. For one thread.
 */
final class Seen {

    /** Of all sources together. */
    static final int GENERATION = 1 << 20;

    private static final long PRIME = 0x100000001b3L;

    private final long key = new SecureRandom().nextLong();
    private final int generation;
    private long[] young;
    private long[] old = new long[0];
    private int count;

    /** @param sources that share the room: none has another's ids forgotten */
    Seen(int sources) {
        generation = Integer.highestOneBit(GENERATION / sources);
        young = fresh();
    }

    /** Half full at most, so that a free place is near. */
    private long[] fresh() {
        return new long[2 * generation];
    }

    boolean has(String source, String id) {
        long hash = hash(source, id);
        return holds(young, hash) || holds(old, hash);
    }

    void add(String source, String id) {
        if (count == generation) {
            old = young;
            young = fresh();
            count = 0;
        }
        long hash = hash(source, id);
        int slot = slot(young, hash);
        if (young[slot] == 0) {
            young[slot] = hash;
            count++;
        }
    }

    private static boolean holds(long[] table, long hash) {
        return table.length > 0 && table[slot(table, hash)] == hash;
    }

    /** Where it is, or would be. */
    private static int slot(long[] table, long hash) {
        int slot = (int) (hash >>> 32) & table.length - 1;
        while (table[slot] != 0 && table[slot] != hash) {
            slot = slot + 1 & table.length - 1;
        }
        return slot;
    }

    /** FNV-1a from a secret start, stirred so that all bits count; never 0, which is a free place. */
    private long hash(String source, String id) {
        long hash = stirred(over(over(key, source) ^ 0xff, id));
        return hash == 0 ? 1 : hash;
    }

    private static long over(long start, String text) {
        long hash = start;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    private static long stirred(long hash) {
        long stirred = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        stirred = (stirred ^ stirred >>> 33) * 0xc4ceb9fe1a85ec53L;
        return stirred ^ stirred >>> 33;
    }
}
