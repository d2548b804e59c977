package io.postern.dns.message;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import io.postern.wire.protocol.DnsForm;
import java.nio.ByteBuffer;

/**
 * The first message of a stream, each of which has its length before it (RFC 1035 section 4.2.2):
 *
 * <pre>
 * length16 | message
 * </pre>
 */
final class StreamFrame {

    static final int LENGTH = 2;
    static final int SHORTEST = DnsForm.HEADER + 5;

    /** Whether a message may begin there, as far as it is shown. */
    interface Beginning {

        /** @param length of the message, which need not be there whole */
        boolean may(int from, int length);
    }

    private StreamFrame() {}

    /**
     * The length of a message that is there whole.
     *
     * @param longest with the length before it, a multiple of 256; who says more is of another protocol
     * @param begins others are not waited for
     */
    static Parse<Integer> parse(ByteBuffer bytes, int longest, Beginning begins) {
        int from = bytes.position();
        int shown = bytes.remaining();
        if (shown > 0 && (bytes.get(from) & 0xFF) >= longest >> 8) {
            return Parse.notThis();
        }
        if (shown < LENGTH) {
            return new Parse.NeedMore<>(LENGTH + SHORTEST);
        }
        int length = ByteCursor.over(bytes, from, LENGTH).u16();
        if (length < SHORTEST || !begins.may(from + LENGTH, length)) {
            return Parse.notThis();
        }
        return shown < LENGTH + length
                ? new Parse.NeedMore<>(LENGTH + length)
                : new Parse.Done<>(length, LENGTH + length);
    }
}
