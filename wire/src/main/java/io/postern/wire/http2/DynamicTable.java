package io.postern.wire.http2;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The dynamic table, RFC 7541 section 2.3.2, as large as the encoder's; but what its entries say is only remembered of
 * the newest {@value #MOST_REMEMBERED} bytes. An encoder refers to what it sent last most often, and whoever watches
 * has not chosen the size.
 */
final class DynamicTable {

    static final int MOST_REMEMBERED = 4096;
    /** What an entry counts besides its octets, section 4.1. */
    static final int OVERHEAD = 32;

    /**
     * One field.
     *
     * @param name empty of a forgotten one
     * @param nameOctets as sent
     * @param octets of name and value as sent
     */
    record Entry(String name, String value, int nameOctets, int octets) {

        int size() {
            return octets + OVERHEAD;
        }

        boolean forgotten() {
            return name.isEmpty();
        }
    }

    /** Both oldest first; what is forgotten is older than what is remembered. */
    private final Deque<Entry> forgotten = new ArrayDeque<>(0);

    private final List<Entry> remembered = new ArrayList<>(8);
    private int rememberedSize;
    private int size;
    private int capacity = MOST_REMEMBERED;

    /** Evicts what has no room any more. */
    void resize(int bytes) {
        capacity = bytes;
        evictDownTo(capacity);
    }

    /** One that is larger than the table empties it, which is no error: section 4.4. */
    void add(Entry entry) {
        evictDownTo(Math.max(0, capacity - entry.size()));
        if (entry.size() > capacity) {
            return;
        }
        size += entry.size();
        forgetDownTo(Math.max(0, MOST_REMEMBERED - entry.size()));
        if (entry.size() > MOST_REMEMBERED) {
            forget(entry);
        } else {
            remembered.add(entry);
            rememberedSize += entry.size();
        }
    }

    int length() {
        return remembered.size() + forgotten.size();
    }

    /** @param index 1 for the newest, to {@link #length()} */
    Entry get(int index) {
        if (index <= remembered.size()) {
            return remembered.get(remembered.size() - index);
        }
        int older = index - remembered.size();
        for (var entries = forgotten.descendingIterator(); entries.hasNext(); older--) {
            Entry entry = entries.next();
            if (older == 1) {
                return entry;
            }
        }
        throw new IndexOutOfBoundsException(index);
    }

    private void evictDownTo(int bytes) {
        while (size > bytes) {
            if (forgotten.isEmpty()) {
                rememberedSize -= remembered.get(0).size();
                size -= remembered.remove(0).size();
            } else {
                size -= forgotten.remove().size();
            }
        }
    }

    private void forgetDownTo(int bytes) {
        while (rememberedSize > bytes) {
            rememberedSize -= remembered.get(0).size();
            forget(remembered.remove(0));
        }
    }

    private void forget(Entry entry) {
        forgotten.add(new Entry("", "", entry.nameOctets(), entry.octets()));
    }
}
