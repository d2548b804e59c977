package io.postern.gateway.recognise;

import io.postern.gateway.flows.MemoryBudget;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Copies of bytes that a tap is not done with: so many at most, and none that the budget has no room for. */
final class Kept {

    private static final byte[] NONE = {};
    private static final int FIRST = 512;

    private final MemoryBudget budget;
    private final int room;
    private byte[] bytes = NONE;
    private int length;

    /** @param room bytes */
    Kept(MemoryBudget budget, int room) {
        this.budget = budget;
        this.room = room;
    }

    /** Copies what is left in {@code more}; false when there is no room for it. */
    boolean add(ByteBuffer more) {
        int some = more.remaining();
        if (!makeRoom(some)) {
            return false;
        }
        more.get(bytes, length, some);
        length += some;
        return true;
    }

    /** False when there is no room for it. */
    boolean add(byte one) {
        if (!makeRoom(1)) {
            return false;
        }
        bytes[length++] = one;
        return true;
    }

    private boolean makeRoom(int more) {
        int total = length + more;
        return total <= bytes.length || (total <= room && grow(total));
    }

    private boolean grow(int least) {
        int capacity = Math.min(room, Math.max(least, Math.max(FIRST, 2 * bytes.length)));
        if (!budget.take(capacity - bytes.length)) {
            return false;
        }
        bytes = Arrays.copyOf(bytes, capacity);
        return true;
    }

    int length() {
        return length;
    }

    /** Bytes it may still take. */
    int room() {
        return room - length;
    }

    /** To be read from. */
    ByteBuffer all() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    /** Keeps none; the memory is kept. */
    void clear() {
        length = 0;
    }

    void release() {
        budget.giveBack(bytes.length);
        bytes = NONE;
        length = 0;
    }
}
