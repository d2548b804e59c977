package io.postern.wire.datagram;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;

/**
 * Recognises DTLS by the first record of a ClientHello, RFC 6347 sections 4.1 and 4.2.2, RFC 9147 section 5.3.
 *
 * <pre>
 * handshake(22) | fe ff or fe fd | epoch 0 | sequence48 | length16
 *   | client_hello(1) | length24 | message_seq16 | fragment_offset24 | fragment_length24 | …
 * </pre>
 *
 * A record or fragment that does not fit into what carries it is {@link Parse.Malformed}.
 */
public final class DtlsParser implements DatagramParser<DtlsOpening> {

    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    /** DTLS 1.0 and 1.2; 1.3 writes 1.2 here. */
    private static final int DTLS_1_0 = 0xFEFF;

    private static final int DTLS_1_2 = 0xFEFD;
    private static final int MESSAGE_HEADER = 12;

    static final String RECORD = "record longer than its datagram, RFC 6347 section 4.1.1";
    static final String FRAGMENT = "fragment outside its message or record, RFC 6347 section 4.2.3";

    @Override
    public Parse<DtlsOpening> parse(ByteBuffer datagram) {
        ByteCursor all = ByteCursor.over(datagram);
        boolean handshake = all.u8() == HANDSHAKE;
        int version = all.u16();
        boolean first = all.u16() == 0;
        all.skip(6);
        int length = all.u16();
        if (!handshake || !first || (version != DTLS_1_0 && version != DTLS_1_2) || all.ranShort()) {
            return Parse.notThis();
        }
        if (length > all.remaining() || length < MESSAGE_HEADER) {
            return new Parse.Malformed<>(RECORD);
        }
        ByteCursor record = all.slice(length);
        if (record.u8() != CLIENT_HELLO) {
            return Parse.notThis();
        }
        int message = record.u24();
        record.skip(2);
        int offset = record.u24();
        int fragment = record.u24();
        return offset + fragment > message || fragment > record.remaining()
                ? new Parse.Malformed<>(FRAGMENT)
                : new Parse.Done<>(new DtlsOpening(version), datagram.remaining());
    }
}
