package io.postern.wire.datagram;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;

/**
 * Recognises STUN and TURN at the beginning of a stream by the magic cookie, RFC 8489 section 6.2.2, framed by a length
 * too as ICE has it, RFC 4571 section 2 and RFC 6544 section 3. What TURN carries in channels is not recognised without
 * the allocation before it.
 *
 * <pre>
 * [length16] | 00, method and class 14 | length16 | 2112a442 | transaction id 96 | attributes
 * </pre>
 *
 * <p>Only the header is read. Never answers {@link Parse.Malformed}.
 */
public final class StunStreamParser implements Parser<StunMessage> {

    private static final int FRAME = 2;
    private static final int TYPE_BITS = 0x3FFF;

    private enum Fit {
        NO,
        YET,
        YES
    }

    /** Of a length: 4 KiB and more are not sent. */
    private static final int LONGEST_HIGH = 0x0F;

    @Override
    public Parse<StunMessage> parse(ByteBuffer bytes) {
        int from = bytes.position();
        Fit plain = fit(bytes, from);
        if (plain == Fit.YES) {
            return done(bytes, from, StunParser.HEADER);
        }
        Fit framed = framed(bytes);
        if (framed == Fit.YES) {
            return done(bytes, from + FRAME, FRAME + StunParser.HEADER);
        }
        if (plain == Fit.NO && framed == Fit.NO) {
            return Parse.notThis();
        }
        return new Parse.NeedMore<>(StunParser.HEADER + (plain == Fit.NO ? FRAME : 0));
    }

    private static Fit framed(ByteBuffer bytes) {
        // Nobody waits for more than a first byte that no message of STUN's can have.
        if (bytes.hasRemaining() && (bytes.get(bytes.position()) & 0xFF) > LONGEST_HIGH) {
            return Fit.NO;
        }
        if (bytes.remaining() < FRAME) {
            return Fit.YET;
        }
        int length = ByteCursor.over(bytes).u16();
        Fit inner = length < StunParser.HEADER ? Fit.NO : fit(bytes, bytes.position() + FRAME);
        return inner == Fit.YES
                        && ByteCursor.over(bytes, bytes.position() + FRAME + 2, 2)
                                        .u16()
                                != length - StunParser.HEADER
                ? Fit.NO
                : inner;
    }

    /** Whether a header stands at the absolute index {@code from}; each byte is judged as soon as it is there. */
    private static Fit fit(ByteBuffer bytes, int from) {
        int shown = bytes.limit() - from;
        boolean may = (shown < 1 || (bytes.get(from) & 0xC0) == 0)
                && (shown < 4 || (bytes.get(from + 3) & 3) == 0)
                && (shown < 5 || bytes.get(from + 4) == StunParser.COOKIE_HIGH >> 8)
                && (shown < 6 || bytes.get(from + 5) == (StunParser.COOKIE_HIGH & 0xFF))
                && (shown < 7 || bytes.get(from + 6) == (byte) (StunParser.COOKIE_LOW >> 8))
                && (shown < 8 || bytes.get(from + 7) == (StunParser.COOKIE_LOW & 0xFF));
        if (!may) {
            return Fit.NO;
        }
        return shown < StunParser.HEADER ? Fit.YET : Fit.YES;
    }

    private static Parse<StunMessage> done(ByteBuffer bytes, int from, int consumed) {
        int type = ByteCursor.over(bytes, from, 2).u16() & TYPE_BITS;
        return new Parse.Done<>(StunParser.message(type), consumed);
    }
}
