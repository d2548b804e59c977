package io.postern.analytics.fleet;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * What happens on several devices, in order of time; of one time, the lower device's first. A heap of numbers: whose turn it is is
 * decided without a look at what happens there.
 */
final class Merged implements Iterator<Happening> {

    /** Room for the device beside its time: {@link FleetSettings} allows a million. */
    private static final int DEVICE_BITS = 20;

    private static final int DEVICE = (1 << DEVICE_BITS) - 1;

    private final List<Phone> phones;
    /** Time and device of each that has something to come; none is less than the one at half its place. */
    private final long[] heap;

    private int size;

    Merged(List<Phone> phones) {
        this.phones = phones;
        long[] first = new long[phones.size()];
        for (int device = 0; device < first.length; device++) {
            if (phones.get(device).hasNext()) {
                first[size++] = key(device);
            }
        }
        heap = Arrays.copyOf(first, size);
        Arrays.sort(heap);
    }

    private long key(int device) {
        return phones.get(device).nextMillis() << DEVICE_BITS | device;
    }

    @Override
    public boolean hasNext() {
        return size > 0;
    }

    @Override
    public Happening next() {
        if (size == 0) {
            throw new NoSuchElementException();
        }
        int device = (int) heap[0] & DEVICE;
        Phone phone = phones.get(device);
        Happening happening = phone.next();
        sink(phone.hasNext() ? key(device) : heap[--size]);
        return happening;
    }

    /** Puts it in place of the first. */
    private void sink(long key) {
        int hole = 0;
        for (int child = 1; child < size; child = 2 * hole + 1) {
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (key <= heap[child]) {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = key;
    }
}
