package io.postern.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Octets that a message begins with, or that stand at a fixed place in it. */
public final class Magic {

    private final byte[] octets;

    private Magic(byte[] octets) {
        this.octets = octets;
    }

    /** @param latin1 one char per octet, at least one */
    public static Magic of(String latin1) {
        return new Magic(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    public int length() {
        return octets.length;
    }

    /** Whether what is there from the absolute index {@code from} on is this, or may yet become it. */
    public boolean mayStand(ByteBuffer bytes, int from) {
        int shown = Math.min(bytes.limit() - from, octets.length);
        for (int i = 0; i < shown; i++) {
            if (bytes.get(from + i) != octets[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether all of it stands at the absolute index {@code from}. */
    public boolean stands(ByteBuffer bytes, int from) {
        return bytes.limit() - from >= octets.length && mayStand(bytes, from);
    }
}
