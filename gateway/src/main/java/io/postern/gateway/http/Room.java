package io.postern.gateway.http;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes of bodies that are not answered yet: so many in all, and so many of one. For one thread; any may ask. */
public final class Room {

    /** Whether there is any. */
    enum Left {
        ENOUGH,
        NONE_OF_THEIRS,
        NONE
    }

    private final long most;
    private final long ofOne;
    private final AtomicLong taken = new AtomicLong();
    private final Map<Object, Long> byWhose = new HashMap<>();

    public Room(long most, long ofOne) {
        this.most = most;
        this.ofOne = ofOne;
    }

    /** Takes so many where there are. */
    Left take(Object whose, int bytes) {
        long theirs = byWhose.getOrDefault(whose, 0L) + bytes;
        if (theirs > ofOne) {
            return Left.NONE_OF_THEIRS;
        }
        if (taken.get() + bytes > most) {
            return Left.NONE;
        }
        taken.addAndGet(bytes);
        byWhose.put(whose, theirs);
        return Left.ENOUGH;
    }

    void giveBack(Object whose, int bytes) {
        taken.addAndGet(-bytes);
        byWhose.computeIfPresent(whose, (one, theirs) -> theirs == bytes ? null : theirs - bytes);
    }

    public long taken() {
        return taken.get();
    }
}
