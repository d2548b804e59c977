package io.postern.wire.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The beginning of one line of a head, and how long it was. */
final class SeenLine {

    /** Nobody needs more of a line than this. */
    static final int MOST = 1024;

    private static final int FIRST = 128;

    private byte[] octets = new byte[FIRST];
    private int kept;
    private int bytes;

    /** Whether this octet ends the line. */
    boolean ends(byte octet) {
        bytes++;
        if (octet == '\n') {
            return true;
        }
        if (kept < MOST) {
            if (kept == octets.length) {
                octets = Arrays.copyOf(octets, Math.min(MOST, 2 * kept));
            }
            octets[kept++] = octet;
        }
        return false;
    }

    /** Without its end, one char per octet; a new line begins. */
    String take() {
        int length = kept > 0 && octets[kept - 1] == '\r' ? kept - 1 : kept;
        String line = new String(octets, 0, length, StandardCharsets.ISO_8859_1);
        kept = 0;
        bytes = 0;
        return line;
    }

    /** Whether only a beginning is kept of it. */
    boolean cut() {
        return bytes > kept + 1;
    }
}
