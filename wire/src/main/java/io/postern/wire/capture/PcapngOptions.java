package io.postern.wire.capture;

import java.nio.ByteBuffer;

/**
 * The options at the end of a block, draft-ietf-opsawg-pcapng section 3.5. One that does not fit into its block ends them.
 *
 * <pre>
 * code 16 | length 16 | value, to a multiple of 4        0 | 0 ends them
 * </pre>
 */
final class PcapngOptions {

    private static final int HEADER = 4;
    private static final int LAST = 0;

    private PcapngOptions() {}

    /** Where the value of the first option with that code and length is; negative if there is none. */
    static int find(int code, int length, ByteBuffer bytes, int from, int to, boolean little) {
        int at = from;
        while (true) {
            at = next(code, bytes, at, to, little);
            if (at < 0) {
                return -1;
            }
            int found = length(bytes, at, little);
            if (found == length) {
                return at + HEADER;
            }
            at += HEADER + (found + 3 & ~3);
        }
    }

    /** Where the next option with that code begins, its header first; negative if there is none. */
    static int next(int code, ByteBuffer bytes, int from, int to, boolean little) {
        int at = from;
        while (to - at >= HEADER) {
            int is = PcapngFormat.u16(bytes, at, little);
            int length = length(bytes, at, little);
            if (is == LAST || length > to - at - HEADER) {
                return -1;
            }
            if (is == code) {
                return at;
            }
            at += HEADER + (length + 3 & ~3);
        }
        return -1;
    }

    /** Of the value of the option that begins there. */
    static int length(ByteBuffer bytes, int at, boolean little) {
        return PcapngFormat.u16(bytes, at + 2, little);
    }
}
