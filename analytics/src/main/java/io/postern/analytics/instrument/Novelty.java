package io.postern.analytics.instrument;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * What has this app done before? Service classes, protocols on ports, TLS fingerprints as hashes, a bounded number of
 * them; and how often it names whom it speaks to. What is new is new only for an app that has been seen for a while.
 */
public final class Novelty {

    /** A destination that this app had not spoken to. */
    public static final int DESTINATION = 1;
    /** A registrable domain, likewise. */
    public static final int DOMAIN = 1 << 1;
    /** A service class, likewise. */
    public static final int SERVICE_CLASS = 1 << 2;
    /** A protocol on a port, likewise. */
    public static final int PORT = 1 << 3;
    /** A JA4 fingerprint, likewise. */
    public static final int FINGERPRINT = 1 << 4;

    /** Marks that there are. */
    public static final int BITS = 5;

    private static final int MOST = 64;
    private static final int SMALLEST = 4;
    private static final int COUNT_MOST = 1 << 20;

    private int[] seen = new int[0];
    private int size;
    private long forgotten;
    private long sinceMillis;
    private int hellos;
    private int named;

    /** Notes one thing. @return whether it is new */
    public boolean notes(int aspect, int value) {
        int hash = (value * 31 + aspect) * 0x9E3779B9;
        if (has(hash)) {
            return false;
        }
        if (size < MOST) {
            append(hash);
        } else {
            // Which one goes is by its number, so that no order of arrival lets one thing stay for ever new.
            seen[Integer.remainderUnsigned(hash, MOST)] = hash;
            forgotten++;
        }
        return true;
    }

    /** A flow of it, at that time. */
    public void seenAt(long timeMillis) {
        if (sinceMillis == 0 || timeMillis < sinceMillis) {
            sinceMillis = Math.max(1, timeMillis);
        }
    }

    /** Since when it is known, Unix time; 0 if it is not. */
    public long sinceMillis() {
        return sinceMillis;
    }

    /** One TLS hello, with a name or without. */
    public void hello(boolean withName) {
        if (hellos < COUNT_MOST) {
            hellos++;
            named += withName ? 1 : 0;
        }
    }

    /** Whether of at least twenty hellos, all but one in fifty named somebody. */
    public boolean alwaysNames() {
        return hellos >= 20 && named >= hellos - hellos / 50 - 1;
    }

    /** How much was pushed out by more of its kind. */
    public long forgotten() {
        return forgotten;
    }

    public void join(Novelty other) {
        for (int i = 0; i < other.size; i++) {
            if (!has(other.seen[i]) && size < MOST) {
                append(other.seen[i]);
            }
        }
        if (other.sinceMillis > 0) {
            seenAt(other.sinceMillis);
        }
        forgotten = Math.max(forgotten, other.forgotten);
        hellos = Math.max(hellos, other.hellos);
        named = Math.max(named, other.named);
    }

    private boolean has(int hash) {
        for (int i = 0; i < size; i++) {
            if (seen[i] == hash) {
                return true;
            }
        }
        return false;
    }

    private void append(int hash) {
        if (size == seen.length) {
            seen = Arrays.copyOf(seen, Math.max(SMALLEST, size * 2));
        }
        seen[size++] = hash;
    }

    public void writeTo(DataOutput out) throws IOException {
        out.writeLong(sinceMillis);
        out.writeLong(forgotten);
        out.writeInt(hellos);
        out.writeInt(named);
        out.writeInt(size);
        for (int i = 0; i < size; i++) {
            out.writeInt(seen[i]);
        }
    }

    public void readFrom(DataInput in) throws IOException {
        sinceMillis = in.readLong();
        forgotten = in.readLong();
        hellos = in.readInt();
        named = in.readInt();
        int written = in.readInt();
        if (written < 0 || written > MOST) {
            throw new IOException("an app's past has " + written + " entries, must be at most " + MOST);
        }
        seen = new int[written];
        for (int i = 0; i < written; i++) {
            seen[i] = in.readInt();
        }
        size = written;
    }

    public long bytes() {
        return 64L + 4L * seen.length;
    }
}
