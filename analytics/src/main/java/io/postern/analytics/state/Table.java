package io.postern.analytics.state;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.IntToLongFunction;

/**
 * A table of (number, name) to a few longs, in pages, without an object for each: find, add, remove in a bounded number of
 * steps and without garbage once it is as large as it gets.
 *
 * <pre>
 * word 0: hash, never 0 (32) | where its name is (32)       0 where the slot is free
 * word 1: number (16) | the owner's (48)
 * rest:   the owner's
 * </pre>
 */
public final class Table {

    private static final int PAGE = 16;
    private static final int SAMPLED = 16;
    private static final int FREE = 0;
    private static final int SLOT = (1 << 25) - 1;
    private static final int SMALLEST_INDEX = 16;
    private static final int NUMBER_SHIFT = 48;

    private final int words;
    private final int most;
    private final long seed;
    private final Names names = new Names();
    private final Names.Moved moved = this::moved;
    private long[][] pages = new long[1][];
    /** The hash's highest bits (7) and the slot plus one (25), in open addressing; 0 where nothing is. */
    private int[] index = new int[SMALLEST_INDEX];

    private int size;
    /** Slots that were ever used. */
    private int used;
    /** Head of the chain of slots that are free again, plus one. */
    private int free;

    /**
     * @param words of an entry, two of which are the table's
     * @param most entries, below 2^24
     * @param seed of hashes
     */
    public Table(int words, int most, long seed) {
        if (words < 2 || most < 1 || most >= 1 << 24) {
            throw new IllegalArgumentException("a table of " + most + " entries of " + words + " words");
        }
        this.words = words;
        this.most = most;
        this.seed = seed;
    }

    public int size() {
        return size;
    }

    public boolean full() {
        return size >= most;
    }

    /** Slots that may be in use; some below it may be free. */
    public int slots() {
        return used;
    }

    public boolean inUse(int slot) {
        return page(slot)[at(slot)] != FREE;
    }

    /** The longs that an entry is among; its first is {@link #at}. */
    public long[] page(int slot) {
        return pages[slot / PAGE];
    }

    public int at(int slot) {
        return slot % PAGE * words;
    }

    public int number(int slot) {
        return (int) (page(slot)[at(slot) + 1] >>> NUMBER_SHIFT);
    }

    public String name(int slot) {
        return names.get(offset(slot));
    }

    /** What tells an entry from a later one in the same slot. */
    public int hash(int slot) {
        return (int) (page(slot)[at(slot)] >>> 32);
    }

    /**
     * Hash of a name under a number, as this table wants it; never 0. Of the letters as they are kept, so that it is the
     * same after writing and reading; by a seed, so that nobody outside can choose names that meet.
     */
    public int hash(int number, String prefix, String name) {
        long hash = start(number);
        int length = Names.length(prefix, name);
        long four = 0;
        for (int i = 0; i < length; i++) {
            four = (four << 8) | (Names.letter(prefix, name, i) & 0xFF);
            if ((i & 3) == 3) {
                hash = step(hash, four);
                four = 0;
            }
        }
        return end(hash, four, length);
    }

    /** The same of the last letters of an entry's name, under another number. */
    public int hashOfTail(int number, int slot, int letters) {
        long hash = start(number);
        int offset = offset(slot);
        int from = Math.max(0, names.length(offset) - letters);
        int length = names.length(offset) - from;
        long four = 0;
        for (int i = 0; i < length; i++) {
            four = (four << 8) | (names.letter(offset, from + i) & 0xFF);
            if ((i & 3) == 3) {
                hash = step(hash, four);
                four = 0;
            }
        }
        return end(hash, four, length);
    }

    private long start(int number) {
        return seed + number * 0x9E3779B97F4A7C15L;
    }

    private static long step(long hash, long letters) {
        long next = (hash ^ letters) * 0xD6E8FEB86659FD93L;
        return next ^ (next >>> 32);
    }

    private static int end(long hash, long letters, int length) {
        long last = step(step(hash, letters), length);
        int folded = (int) (last ^ (last >>> 29));
        return folded == 0 ? 1 : folded;
    }

    /** @return the slot, or -1 */
    public int find(int hash, int number, String prefix, String name) {
        int mask = index.length - 1;
        for (int i = hash & mask; index[i] != 0; i = (i + 1) & mask) {
            int slot = (index[i] & SLOT) - 1;
            if (((index[i] ^ hash) & ~SLOT) == 0
                    && hash(slot) == hash
                    && number(slot) == number
                    && names.equal(offset(slot), prefix, name)) {
                return slot;
            }
        }
        return -1;
    }

    /** Not for what is there already, nor when full. The entry is all zero but for the table's own. */
    public int add(int hash, int number, String prefix, String name) {
        if (full()) {
            throw new IllegalStateException("the table is full, must make room first");
        }
        if ((size + 1) * 4 > index.length * 3) {
            grow();
        }
        int slot = slot();
        long[] page = page(slot);
        int at = at(slot);
        Arrays.fill(page, at, at + words, 0);
        page[at + 1] = (long) number << NUMBER_SHIFT;
        page[at] = ((long) hash << 32) | names.add(slot, prefix, name, moved);
        place(slot, hash);
        size++;
        return slot;
    }

    public void remove(int slot) {
        names.drop(offset(slot));
        unplace(slot);
        long[] page = page(slot);
        page[at(slot)] = FREE;
        page[at(slot) + 1] = free;
        free = slot + 1;
        size--;
    }

    /**
     * The least worth of a few neighbours, which ones chance decides.
     *
     * @param worth of a slot in use
     * @return -1 of an empty table
     */
    public int leastWorth(int chance, IntToLongFunction worth) {
        int least = -1;
        long leastWorth = Long.MAX_VALUE;
        int slot = used == 0 ? 0 : Integer.remainderUnsigned(chance * 0x9E3779B9, used);
        for (int tried = 0, seen = 0; tried < used && seen < SAMPLED; tried++) {
            if (inUse(slot)) {
                seen++;
                long one = worth.applyAsLong(slot);
                if (least < 0 || one < leastWorth) {
                    least = slot;
                    leastWorth = one;
                }
            }
            slot = slot + 1 == used ? 0 : slot + 1;
        }
        return least;
    }

    /** Bytes of memory, without what the JVM adds to an object. */
    public long bytes() {
        long pageBytes = 0;
        for (long[] page : pages) {
            pageBytes += page == null ? 0 : 16 + 8L * page.length;
        }
        return pageBytes + 8L * pages.length + 4L * index.length + names.bytes();
    }

    private int offset(int slot) {
        return (int) page(slot)[at(slot)];
    }

    private void moved(int slot, int offset) {
        long[] page = page(slot);
        page[at(slot)] = (page[at(slot)] & 0xFFFFFFFF00000000L) | offset;
    }

    private int slot() {
        if (free != 0) {
            int slot = free - 1;
            free = (int) page(slot)[at(slot) + 1];
            return slot;
        }
        int slot = used++;
        if (slot / PAGE == pages.length) {
            pages = Arrays.copyOf(pages, pages.length + Math.max(1, pages.length / 4));
        }
        if (slot % PAGE == 0) {
            pages[slot / PAGE] = new long[PAGE * words];
        }
        return slot;
    }

    private void place(int slot, int hash) {
        int mask = index.length - 1;
        int i = hash & mask;
        while (index[i] != 0) {
            i = (i + 1) & mask;
        }
        index[i] = (hash & ~SLOT) | (slot + 1);
    }

    /** Closes the gap, so that no marker of what was removed is needed. */
    private void unplace(int slot) {
        int mask = index.length - 1;
        int gap = hash(slot) & mask;
        while ((index[gap] & SLOT) != slot + 1) {
            gap = (gap + 1) & mask;
        }
        index[gap] = 0;
        for (int i = (gap + 1) & mask; index[i] != 0; i = (i + 1) & mask) {
            int home = hash((index[i] & SLOT) - 1) & mask;
            if (((i - home) & mask) >= ((i - gap) & mask)) {
                index[gap] = index[i];
                index[i] = 0;
                gap = i;
            }
        }
    }

    private void grow() {
        index = new int[index.length * 2];
        for (int slot = 0; slot < used; slot++) {
            if (inUse(slot)) {
                place(slot, hash(slot));
            }
        }
    }

    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(words);
        out.writeInt(size);
        for (int slot = 0; slot < used; slot++) {
            if (inUse(slot)) {
                out.writeUTF(name(slot));
                for (int i = 1; i < words; i++) {
                    out.writeLong(page(slot)[at(slot) + i]);
                }
            }
        }
    }

    /** Into an empty table, whose numbers are below that. */
    public void readFrom(DataInput in, int numbers) throws IOException {
        int written = in.readInt();
        int entries = in.readInt();
        if (written != words || entries < 0 || entries > most) {
            throw new IOException("a table of " + entries + " entries of " + written + " words, must be at most " + most
                    + " of " + words);
        }
        for (int i = 0; i < entries; i++) {
            String name = in.readUTF();
            long first = in.readLong();
            int number = (int) (first >>> NUMBER_SHIFT);
            int hash = hash(number, "", name);
            if (number >= numbers || find(hash, number, "", name) >= 0) {
                throw new IOException("an entry of a table stands twice, or is of no app");
            }
            int slot = add(hash, number, "", name);
            page(slot)[at(slot) + 1] = first;
            for (int word = 2; word < words; word++) {
                page(slot)[at(slot) + word] = in.readLong();
            }
        }
    }
}
