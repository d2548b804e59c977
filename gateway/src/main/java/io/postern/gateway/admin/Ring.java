package io.postern.gateway.admin;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The last so many events, by sequence. Whoever adds one never waits; readers never hold up writers. */
final class Ring<T> {

    private final AtomicReferenceArray<@Nullable Slot<T>> slots;
    private final AtomicLong next = new AtomicLong();
    private final String run;
    private volatile Optional<Runnable> watcher = Optional.empty();

    private record Slot<T>(long sequence, T event) {}

    /**
     * @param size events kept
     * @param startedMillis tells the events of this run from those of another
     */
    Ring(int size, long startedMillis) {
        this.slots = new AtomicReferenceArray<>(size);
        this.run = Long.toString(startedMillis, Character.MAX_RADIX);
    }

    void add(T event) {
        long sequence = next.getAndIncrement();
        slots.set((int) (sequence % slots.length()), new Slot<>(sequence, event));
        watcher.ifPresent(Runnable::run);
    }

    /** Told after each event, on the thread that brought it; it must only note that. */
    void watch(Optional<Runnable> who) {
        watcher = who;
    }

    boolean watched() {
        return watcher.isPresent();
    }

    /** The sequence of the next event. */
    long next() {
        return next.get();
    }

    /** The least sequence that may still be there. */
    long oldest() {
        return Math.max(0, next.get() - slots.length());
    }

    /** Empty when it has been overwritten, or when whoever brings it has not yet finished. */
    Optional<T> at(long sequence) {
        @Nullable Slot<T> slot = slots.get((int) (sequence % slots.length()));
        return slot != null && slot.sequence == sequence ? Optional.of(slot.event) : Optional.empty();
    }

    /** Nobody finds those any more; what is just being brought may stay. */
    void forget(Predicate<T> what) {
        for (int i = 0; i < slots.length(); i++) {
            @Nullable Slot<T> slot = slots.get(i);
            if (slot != null && what.test(slot.event)) {
                slots.compareAndSet(i, slot, null);
            }
        }
    }

    int size() {
        return slots.length();
    }

    /** Names the run of the gateway that the sequences belong to. */
    String run() {
        return run;
    }
}
