package io.postern.wire.datagram;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Recognises QUIC by the header of a client's first packet, RFC 8999 section 5.1 and RFC 9000 sections 7.2, 14.1 and
 * 17.2.2. Nothing is decrypted here.
 *
 * <pre>
 * 1, fixed 1, Initial 2, rest 4 | version32 | length8, destination id | length8, source id
 *   | token length, token | length | packet number and payload, protected
 * </pre>
 *
 * Versions 1 (RFC 9000), 2 (RFC 9369: other type bits), the drafts 27 to 34, and those that are reserved to be refused
 * (RFC 9000 section 15), by which a client provokes a negotiation. Ids shorter than 8 bytes or a datagram shorter than
 * 1,200, both forbidden to clients, are {@link Parse.Malformed} in versions 1 and 2.
 */
public final class QuicOpeningParser implements DatagramParser<QuicOpening> {

    private static final int VERSION_1 = 1;
    private static final int VERSION_2 = 0x6b3343cf;
    private static final int DRAFTS = 0xff000000;
    private static final int FIRST_DRAFT = 27;
    private static final int LAST_DRAFT = 34;
    private static final int RESERVED = 0x0a0a0a0a;

    private static final int LONG_AND_FIXED = 0xC0;
    private static final int TYPE = 0x30;
    private static final int INITIAL = 0x00;
    private static final int INITIAL_2 = 0x10;
    private static final int LONGEST_ID = 20;
    private static final int SHORTEST_CHOSEN_ID = 8;
    private static final int SHORTEST_DATAGRAM = 1200;

    static final String ID = "destination id of a first packet shorter than 8 bytes, RFC 9000 section 7.2";
    static final String PADDING = "first datagram shorter than 1200 bytes, RFC 9000 section 14.1";
    static final String LENGTH = "packet longer than its datagram, RFC 9000 section 17.2";

    @Override
    public Parse<QuicOpening> parse(ByteBuffer datagram) {
        ByteCursor header = ByteCursor.over(datagram);
        int first = header.u8();
        int version = header.u16() << 16 | header.u16();
        if ((first & LONG_AND_FIXED) != LONG_AND_FIXED || !known(version)) {
            return Parse.notThis();
        }
        // What else a reserved version's header holds is nobody's to say.
        boolean initial = reserved(version) || (first & TYPE) == (version == VERSION_2 ? INITIAL_2 : INITIAL);
        ByteCursor destination = header.vector8();
        ByteCursor source = header.vector8();
        int chosen = destination.remaining();
        if (!initial || header.ranShort() || chosen > LONGEST_ID || source.remaining() > LONGEST_ID) {
            return Parse.notThis();
        }
        if (chosen < SHORTEST_CHOSEN_ID) {
            return new Parse.Malformed<>(ID);
        }
        if (datagram.remaining() < SHORTEST_DATAGRAM) {
            return new Parse.Malformed<>(PADDING);
        }
        if (!reserved(version) && !fits(header)) {
            return new Parse.Malformed<>(LENGTH);
        }
        return new Parse.Done<>(new QuicOpening(version, hex(destination), hex(source)), datagram.remaining());
    }

    private static boolean known(int version) {
        int draft = version ^ DRAFTS;
        return version == VERSION_1
                || version == VERSION_2
                || (draft >= FIRST_DRAFT && draft <= LAST_DRAFT)
                || reserved(version);
    }

    private static boolean reserved(int version) {
        return (version & 0x0f0f0f0f) == RESERVED;
    }

    private static boolean fits(ByteCursor rest) {
        long token = integer(rest);
        if (token > rest.remaining()) {
            return false;
        }
        rest.skip((int) token);
        long length = integer(rest);
        return !rest.ranShort() && length <= rest.remaining();
    }

    /** A variable-length integer, RFC 9000 section 16. */
    private static long integer(ByteCursor bytes) {
        int first = bytes.u8();
        long value = first & 0x3F;
        for (int more = (1 << (first >> 6)) - 1; more > 0; more--) {
            value = value << 8 | bytes.u8();
        }
        return value;
    }

    private static String hex(ByteCursor id) {
        return HexFormat.of().formatHex(id.latin1().getBytes(StandardCharsets.ISO_8859_1));
    }
}
