package io.postern.analytics.state;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * What was once there and had to go, so that what comes back is known for it: two Bloom filters, of which the older is
 * forgotten when the younger is full or two days old. Remembers the last 8,192 to 16,384 at least; one in fifty that
 * never was there is thought to have been. Takes no memory before something had to go.
 */
public final class Ghosts {

    private static final int LONGS = 2048;
    private static final int BIT_MASK = LONGS * 64 - 1;
    private static final int FULL = 8192;
    private static final long OLD_MILLIS = 2 * 86_400_000L;

    private long[] younger = new long[0];
    private long[] older = new long[0];
    private int gone;
    private long sinceMillis;

    public void gone(int hash, long nowMillis) {
        if (younger.length == 0) {
            younger = new long[LONGS];
            older = new long[LONGS];
            sinceMillis = nowMillis;
        }
        if (gone >= FULL || nowMillis - sinceMillis > OLD_MILLIS) {
            turn(nowMillis);
        }
        gone++;
        set(younger, first(hash));
        set(younger, second(hash));
    }

    public boolean wasHere(int hash) {
        return younger.length > 0 && (both(younger, hash) || both(older, hash));
    }

    private void turn(long nowMillis) {
        long[] oldest = older;
        older = younger;
        younger = oldest;
        Arrays.fill(younger, 0);
        gone = 0;
        sinceMillis = nowMillis;
    }

    private static boolean both(long[] bits, int hash) {
        return isSet(bits, first(hash)) && isSet(bits, second(hash));
    }

    private static int first(int hash) {
        return ((hash * 0x85EBCA6B) >>> 8) & BIT_MASK;
    }

    private static int second(int hash) {
        return ((hash * 0xC2B2AE35) >>> 7) & BIT_MASK;
    }

    private static void set(long[] bits, int bit) {
        bits[bit >>> 6] |= 1L << bit;
    }

    private static boolean isSet(long[] bits, int bit) {
        return (bits[bit >>> 6] & (1L << bit)) != 0;
    }

    public void writeTo(DataOutput out) throws IOException {
        out.writeBoolean(younger.length > 0);
        if (younger.length > 0) {
            out.writeInt(gone);
            out.writeLong(sinceMillis);
            for (int i = 0; i < LONGS; i++) {
                out.writeLong(younger[i]);
                out.writeLong(older[i]);
            }
        }
    }

    public void readFrom(DataInput in) throws IOException {
        if (in.readBoolean()) {
            gone = in.readInt();
            sinceMillis = in.readLong();
            younger = new long[LONGS];
            older = new long[LONGS];
            for (int i = 0; i < LONGS; i++) {
                younger[i] = in.readLong();
                older[i] = in.readLong();
            }
        }
    }

    public void join(Ghosts other) {
        if (other.younger.length == 0) {
            return;
        }
        if (younger.length == 0) {
            younger = new long[LONGS];
            older = new long[LONGS];
            sinceMillis = other.sinceMillis;
        }
        gone = Math.max(gone, other.gone);
        sinceMillis = Math.min(sinceMillis, other.sinceMillis);
        for (int i = 0; i < LONGS; i++) {
            younger[i] |= other.younger[i];
            older[i] |= other.older[i];
        }
    }

    public long bytes() {
        return 8L * (younger.length + older.length);
    }
}
