package io.postern.tls.dtls;

import io.postern.wire.ByteCursor;
import java.nio.ByteBuffer;

/**
 * The records of one datagram.
 *
 * <pre>
 * type | fe ff or fe fd | epoch16 | sequence48 | length16 | fragment         RFC 6347 section 4.1
 * 0 0 1 C S L E E | [connection id] | sequence | [length16] | protected      RFC 9147 section 4
 * </pre>
 *
 * <p>The second form is in use once keys are; how long its connection id is was said in private, so nothing behind it is
 * read.
 */
final class DtlsRecords {

    static final int CHANGE_CIPHER_SPEC = 20;
    static final int ALERT = 21;
    static final int HANDSHAKE = 22;
    static final int APPLICATION_DATA = 23;
    /** Not on the wire: a record of the second form. */
    static final int UNIFIED = -1;

    /** Whom the records are for. */
    interface Reader {

        /** @param from absolute index of the fragment; {@code length} bytes of it are in the datagram */
        void record(int type, int epoch, int from, int length);
    }

    private static final int LAST_TYPE = 26;
    private static final int DTLS_1_0 = 0xFEFF;
    private static final int DTLS_1_2 = 0xFEFD;
    /** What OpenSSL wrote before RFC 4347, and Cisco's AnyConnect still does. */
    private static final int BEFORE_1_0 = 0x0100;

    private static final int UNIFIED_BITS = 0xE0;
    private static final int UNIFIED_FIXED = 0x20;

    /**
     * Whether the datagram begins with a record of the first form and nothing else but records follows, or, whatever is
     * behind it, a hello is among those that it begins with: receivers drop what is none and go by the rest (RFC 6347
     * section 4.1.2.7). Only then are they read.
     */
    static boolean read(ByteBuffer datagram, Reader reader) {
        Hellos hellos = new Hellos(datagram);
        boolean records = chained(datagram, hellos) || hellos.any;
        if (records) {
            chained(datagram, reader);
        }
        return records;
    }

    /** Whether a ClientHello, or a fragment of one, is among the records that it begins with. */
    static boolean clientHello(ByteBuffer datagram) {
        Hellos hellos = new Hellos(datagram);
        chained(datagram, hellos);
        return hellos.clients;
    }

    /** Whether it may be a record of the second form: no evidence by itself. */
    static boolean unified(ByteBuffer datagram) {
        return datagram.hasRemaining() && unified(datagram.get(datagram.position()) & 0xFF);
    }

    /**
     * Looks for hellos in clear, each in front of its record:
     *
     * <pre>
     * type8: 1 to 3 | length24 | message_seq16: 0 to 7 | fragment_offset24 | fragment_length24 | fragment
     * </pre>
     *
     * <p>RFC 6347 section 4.2.2. With the record before it some 80 bits, all of which must fit.
     */
    private static final class Hellos implements Reader {

        private static final int HEADER = 12;
        private static final int CLIENT_HELLO = 1;
        private static final int HELLO_VERIFY_REQUEST = 3;
        private static final int MOST_NUMBER = 7;

        private final ByteBuffer datagram;
        private boolean any;
        private boolean clients;

        Hellos(ByteBuffer datagram) {
            this.datagram = datagram;
        }

        @Override
        public void record(int type, int epoch, int from, int length) {
            if (type != HANDSHAKE || epoch != 0 || length <= HEADER) {
                return;
            }
            ByteCursor header = ByteCursor.over(datagram, from, HEADER);
            int message = header.u8();
            int whole = header.u24();
            int number = header.u16();
            int offset = header.u24();
            int part = header.u24();
            boolean hello = message >= CLIENT_HELLO && message <= HELLO_VERIFY_REQUEST && number <= MOST_NUMBER;
            if (hello && part > 0 && part <= length - HEADER && offset + part <= whole) {
                any = true;
                clients |= message == CLIENT_HELLO;
            }
        }
    }

    private static boolean chained(ByteBuffer datagram, Reader reader) {
        ByteCursor all = ByteCursor.over(datagram);
        int count = 0;
        while (!all.isEmpty()) {
            int type = all.u8();
            if (count > 0 && unified(type)) {
                reader.record(UNIFIED, 0, datagram.limit(), 0);
                return true;
            }
            int version = all.u16();
            int epoch = all.u16();
            all.skip(6);
            int length = all.vector16().remaining();
            boolean known = version == DTLS_1_0 || version == DTLS_1_2 || version == BEFORE_1_0;
            if (all.ranShort() || !known || type < CHANGE_CIPHER_SPEC || type > LAST_TYPE || length == 0) {
                return false;
            }
            reader.record(type, epoch, datagram.limit() - all.remaining() - length, length);
            count++;
        }
        return count > 0;
    }

    private static boolean unified(int first) {
        return (first & UNIFIED_BITS) == UNIFIED_FIXED;
    }

    private DtlsRecords() {}
}
