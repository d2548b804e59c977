package io.postern.analytics.context;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** The ids of the last events told, as hashes: an event told again has the same id and is not taken twice. */
final class TellingIds {

    private static final Hasher64 HASHER = Hashing.komihash5_0();

    private final int most;
    private long[] ids = new long[0];
    private int size;
    private int next;

    TellingIds(int most) {
        this.most = most;
    }

    boolean isNew(String source, String id) {
        return add(HASHER.hashCharsToLong(id) * 31 + HASHER.hashCharsToLong(source));
    }

    private boolean add(long hash) {
        for (int i = 0; i < size; i++) {
            if (ids[i] == hash) {
                return false;
            }
        }
        if (size < most) {
            if (size == ids.length) {
                ids = Arrays.copyOf(ids, Math.min(most, Math.max(8, size * 2)));
            }
            ids[size++] = hash;
        } else {
            ids[next] = hash;
            next = (next + 1) % most;
        }
        return true;
    }

    void join(TellingIds other) {
        for (int i = 0; i < other.size; i++) {
            add(other.ids[i]);
        }
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeInt(next);
        out.writeInt(size);
        for (int i = 0; i < size; i++) {
            out.writeLong(ids[i]);
        }
    }

    void readFrom(DataInput in) throws IOException {
        next = in.readInt();
        int written = in.readInt();
        if (written < 0 || written > most || next < 0 || next >= most) {
            throw new IOException("ids of " + written + " events, must be at most " + most);
        }
        ids = new long[written];
        for (int i = 0; i < written; i++) {
            ids[i] = in.readLong();
        }
        size = written;
    }
}
