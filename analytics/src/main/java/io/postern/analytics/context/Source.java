package io.postern.analytics.context;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Set;

/**
 * When one source was alive for the device, and what it then declared to report. Whatever it tells is a sign of life; only a
 * heartbeat declares. The last few lives are kept, and the last few declarations.
 */
final class Source {

    private static final int LIVES = 8;
    private static final int DECLARATIONS = 16;

    final String name;
    final boolean batched;
    private final long aliveMillis;
    /** First and last sign of each life, in order. */
    private final long[] lives = new long[2 * LIVES];

    private final Timeline declared = new Timeline(DECLARATIONS);
    private int size;
    private int forgotten;

    Source(String name, boolean batched, ContextLimits limits) {
        this.name = name;
        this.batched = batched;
        aliveMillis = (batched ? limits.batchedAlive() : limits.alive()).toMillis();
    }

    void declares(Set<FactKind> kinds, long millis) {
        int set = 0;
        for (FactKind kind : kinds) {
            set |= mark(kind);
        }
        declared.addChange(Timeline.entry(millis, 0, set));
        sign(millis);
    }

    void sign(long millis) {
        int life = life(millis);
        if (life >= 0) {
            lives[2 * life + 1] = Math.max(lives[2 * life + 1], millis);
        } else {
            life = begin(millis);
        }
        if (life >= 0) {
            closeGap(life);
            closeGap(life - 1);
        }
    }

    /** Number of the life in which it was alive at that time, or -1. */
    private int life(long millis) {
        for (int i = size - 1; i >= 0; i--) {
            if (millis >= lives[2 * i]) {
                return millis <= lives[2 * i + 1] + aliveMillis ? i : -1;
            }
        }
        return -1;
    }

    private int begin(long millis) {
        int where = 0;
        while (where < size && lives[2 * where] < millis) {
            where++;
        }
        if (size == LIVES) {
            forgotten++;
            if (where == 0) {
                return -1;
            }
            System.arraycopy(lives, 2, lives, 0, 2 * (where - 1));
            where--;
        } else {
            System.arraycopy(lives, 2 * where, lives, 2 * (where + 1), 2 * (size - where));
            size++;
        }
        lives[2 * where] = millis;
        lives[2 * where + 1] = millis;
        return where;
    }

    /** Makes one life of two that turn out to be one. */
    private void closeGap(int life) {
        if (life >= 0 && life + 1 < size && lives[2 * (life + 1)] <= lives[2 * life + 1] + aliveMillis) {
            lives[2 * life + 1] = Math.max(lives[2 * life + 1], lives[2 * life + 3]);
            System.arraycopy(lives, 2 * (life + 2), lives, 2 * (life + 1), 2 * (size - life - 2));
            size--;
        }
    }

    /** Whether it lived from one time to the other without a pause, so that what it told then still holds. */
    boolean livedThrough(long fromMillis, long toMillis) {
        int life = life(toMillis);
        return life >= 0 && fromMillis >= lives[2 * life];
    }

    /**
     * Whether it would have told of such a thing in that time. One that tells in batches has said nothing yet of what comes
     * after its last sign of life.
     */
    boolean wouldTell(FactKind kind, long fromMillis, long toMillis) {
        int life = life(toMillis);
        if (life < 0 || fromMillis < lives[2 * life] || (batched && toMillis > lives[2 * life + 1])) {
            return false;
        }
        return declares(kind, fromMillis) && declares(kind, toMillis);
    }

    private boolean declares(FactKind kind, long millis) {
        int last = declared.last(millis);
        return last >= 0 && (Timeline.what(declared.get(last)) & mark(kind)) != 0;
    }

    @SuppressWarnings("EnumOrdinal") // written as a number, like all that is remembered
    private static int mark(FactKind kind) {
        return 1 << kind.ordinal();
    }

    /** Lives and declarations that were too many. */
    int forgotten() {
        return forgotten + declared.dropped();
    }

    void join(Source other) {
        for (int i = 0; i < other.size; i++) {
            join(other.lives[2 * i], other.lives[2 * i + 1]);
        }
        declared.join(other.declared, new int[16]);
        forgotten = Math.max(forgotten, other.forgotten);
    }

    private void join(long first, long last) {
        sign(first);
        int life = life(first);
        if (life >= 0) {
            lives[2 * life + 1] = Math.max(lives[2 * life + 1], last);
            while (life + 1 < size && lives[2 * (life + 1)] <= lives[2 * life + 1] + aliveMillis) {
                closeGap(life);
            }
        }
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeUTF(name);
        out.writeBoolean(batched);
        out.writeInt(forgotten);
        out.writeInt(size);
        for (int i = 0; i < 2 * size; i++) {
            out.writeLong(lives[i]);
        }
        declared.writeTo(out);
    }

    static Source readFrom(DataInput in, ContextLimits limits) throws IOException {
        Source source = new Source(in.readUTF(), in.readBoolean(), limits);
        source.forgotten = in.readInt();
        source.size = in.readInt();
        if (source.size < 0 || source.size > LIVES) {
            throw new IOException("a source of " + source.size + " lives, must be at most " + LIVES);
        }
        for (int i = 0; i < 2 * source.size; i++) {
            source.lives[i] = in.readLong();
        }
        source.declared.readFrom(in, 1);
        return source;
    }
}
