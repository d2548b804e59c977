package io.postern.wire.protocol;

import io.postern.wire.ByteCursor;
import io.postern.wire.Magic;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;

/**
 * Recognises either end of RDP by its first packet, [MS-RDPBCGR] sections 2.2.1.1 and 2.2.1.2.
 *
 * <pre>
 * 03 00 length16 (TPKT) | length8 | e0 request or d0 confirm | 0000 | source16 | 00 (X.224)
 *   request  ["Cookie: mstshash=…" or "Cookie: msts=…" CR LF] [01 flags 0800 protocols32]
 *   confirm  02 flags 0800 protocol32, or 03 00 0800 reason32
 * </pre>
 *
 * <p>TPKT alone carries other protocols too (RFC 2126), so the cookie or the negotiation must be there. Never answers
 * {@link Parse.Malformed}.
 */
public final class RdpOpeningParser implements Parser<RdpOpening> {

    private static final int TPKT = 4;
    private static final int X224 = 7;
    private static final int FIXED = TPKT + X224;
    private static final int NEGOTIATION = 8;
    private static final int CORRELATION = 36;
    /** X.224's own length is one byte. */
    private static final int LONGEST = TPKT + 1 + 254;

    private static final int REQUEST = 0xE0;
    private static final int CONFIRM = 0xD0;
    private static final Magic COOKIE = Magic.of("Cookie: msts");

    @Override
    public Parse<RdpOpening> parse(ByteBuffer bytes) {
        int at = bytes.position();
        int shown = bytes.remaining();
        boolean may = (shown < 1 || bytes.get(at) == 3)
                && (shown < 2 || bytes.get(at + 1) == 0)
                && (shown < 3 || (bytes.get(at + 2) & 0xFF) <= LONGEST >> 8);
        if (!may) {
            return Parse.notThis();
        }
        if (shown < TPKT) {
            return new Parse.NeedMore<>(FIXED + NEGOTIATION);
        }
        int total = ByteCursor.over(bytes, at + 2, 2).u16();
        if (total < FIXED + NEGOTIATION || total > LONGEST || (shown > TPKT && !fits(bytes, at, total))) {
            return Parse.notThis();
        }
        return shown < total ? new Parse.NeedMore<>(total) : packet(bytes, total);
    }

    private static boolean fits(ByteBuffer bytes, int at, int total) {
        return (bytes.get(at + TPKT) & 0xFF) == total - TPKT - 1;
    }

    private static Parse<RdpOpening> packet(ByteBuffer bytes, int total) {
        int from = bytes.position() + FIXED;
        ByteCursor x224 = ByteCursor.over(bytes, bytes.position() + TPKT + 1, X224 - 1);
        int code = x224.u8();
        boolean toNobody = x224.u16() == 0;
        x224.skip(2);
        if (!toNobody || x224.u8() != 0) {
            return Parse.notThis();
        }
        if (code == CONFIRM) {
            return total == FIXED + NEGOTIATION
                    ? confirm(ByteCursor.over(bytes, from, NEGOTIATION), total)
                    : Parse.notThis();
        }
        return code == REQUEST ? request(bytes, from, total) : Parse.notThis();
    }

    private static Parse<RdpOpening> confirm(ByteCursor negotiation, int total) {
        int type = negotiation.u8();
        negotiation.skip(1);
        boolean length = negotiation.u16() == 0x0800;
        int chosen = little32(negotiation);
        boolean sound = length && (type == 2 || type == 3) && chosen >= 0 && chosen <= 0x1F;
        RdpOpening.Kind kind = type == 2 ? RdpOpening.Kind.CONFIRM : RdpOpening.Kind.REFUSAL;
        return sound ? new Parse.Done<>(new RdpOpening(kind, chosen), total) : Parse.notThis();
    }

    private static Parse<RdpOpening> request(ByteBuffer bytes, int from, int total) {
        int end = bytes.position() + total;
        boolean cookie = COOKIE.stands(bytes, from);
        int negotiation = cookie ? afterLine(bytes, from, end) : from;
        if (negotiation == end && cookie) {
            return new Parse.Done<>(new RdpOpening(RdpOpening.Kind.REQUEST, 0), total);
        }
        int rest = end - negotiation;
        if (rest != NEGOTIATION && rest != NEGOTIATION + CORRELATION) {
            return Parse.notThis();
        }
        ByteCursor cursor = ByteCursor.over(bytes, negotiation, NEGOTIATION);
        boolean sound = cursor.u8() == 1;
        cursor.skip(1);
        sound &= cursor.u16() == 0x0800;
        int protocols = little32(cursor);
        return sound && protocols >= 0 && protocols <= 0x1F
                ? new Parse.Done<>(new RdpOpening(RdpOpening.Kind.REQUEST, protocols), total)
                : Parse.notThis();
    }

    /** Behind the cookie's CR LF; the end when it has none. */
    private static int afterLine(ByteBuffer bytes, int from, int end) {
        for (int i = from + 1; i < end; i++) {
            if (bytes.get(i) == '\n' && bytes.get(i - 1) == '\r') {
                return i + 1;
            }
        }
        return end;
    }

    private static int little32(ByteCursor cursor) {
        return Integer.reverseBytes((int) cursor.u32());
    }
}
