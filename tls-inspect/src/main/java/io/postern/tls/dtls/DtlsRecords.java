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
     * Whether the datagram begins with a record of the first form, and nothing else but records follows; only then are
     * they read.
     */
    static boolean read(ByteBuffer datagram, Reader reader) {
        return chained(datagram, (type, epoch, from, length) -> {}) && chained(datagram, reader);
    }

    /** Whether it may be a record of the second form: no evidence by itself. */
    static boolean unified(ByteBuffer datagram) {
        return datagram.hasRemaining() && unified(datagram.get(datagram.position()) & 0xFF);
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
