package io.postern.gateway.detect;

/**
 * Whether a line was there before, by a print of what names it. Remembers the last {@value #MOST} at least and twice as many
 * at most, 8 bytes each in tables half full; two of a million million prints are alike. Not for several threads.
 */
public final class SeenBefore {

    static final int MOST = 1 << 20;

    private static final int SLOTS = 2 * MOST;

    private long[] young = new long[1024];
    private long[] old = new long[0];
    private int count;

    /** @return whether it was there before */
    public boolean test(String name) {
        return test(print(name));
    }

    private boolean test(long print) {
        if (has(old, print) || has(young, print)) {
            return true;
        }
        if (count == MOST) {
            old = young;
            young = new long[SLOTS];
            count = 0;
        } else if (2 * count >= young.length) {
            grow();
        }
        put(young, print);
        count++;
        return false;
    }

    private void grow() {
        long[] more = new long[2 * young.length];
        for (long each : young) {
            if (each != 0) {
                put(more, each);
            }
        }
        young = more;
    }

    private static boolean has(long[] table, long print) {
        if (table.length == 0) {
            return false;
        }
        for (int at = slot(table, print); table[at] != 0; at = (at + 1) & (table.length - 1)) {
            if (table[at] == print) {
                return true;
            }
        }
        return false;
    }

    private static void put(long[] table, long print) {
        int at = slot(table, print);
        while (table[at] != 0) {
            at = (at + 1) & (table.length - 1);
        }
        table[at] = print;
    }

    private static int slot(long[] table, long print) {
        return (int) (print >>> 17) & (table.length - 1);
    }

    /** FNV-1a over 64 bits, its ends mixed as MurmurHash3 does; never 0, which is an empty slot. */
    private static long print(String name) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return hash == 0 ? 1 : hash;
    }
}
