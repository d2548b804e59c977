package io.postern.tls.stream;

import io.postern.tls.hello.HandshakeBodies;
import io.postern.tls.hello.TlsSettings;
import io.postern.tls.watch.Budget;
import io.postern.tls.watch.Pieces;
import io.postern.wire.ByteCursor;
import java.nio.ByteBuffer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The handshake messages in one direction's records.
 *
 * <pre>
 * type8 | length24 | body                        RFC 8446 section 4, in one record or cut over several
 * </pre>
 *
 * <p>A hello is read where it lies if it is whole there, else gathered; of a certificate message only the first
 * certificate is; the others are counted past.
 */
final class Messages {

    static final String TOO_LONG = "handshake message longer than the limit, RFC 8446 section 4";
    static final String TOO_MANY_RECORDS = "handshake message in more records than the limit, RFC 8446 section 5.1";
    static final String NO_ROOM = "no room for a handshake message";

    /** Whom the messages are for. */
    interface Reader {

        /** A whole one of those wanted; the cursor is good inside the call. */
        void message(int type, ByteCursor body, int restOfRecord);

        void certificate(byte[] der, int chain);

        void fault(String rule);
    }

    private static final int HEADER = 4;

    private final TlsSettings settings;
    private final IntPredicate wanted;
    private final Reader reader;
    private final Pieces held;

    private long header;
    private int headerBytes;
    private int type;
    private int length;
    private int left;
    private int records;
    private @Nullable CertificateList certificates;

    Messages(TlsSettings settings, Budget budget, IntPredicate wanted, Reader reader) {
        this.settings = settings;
        this.wanted = wanted;
        this.reader = reader;
        this.held = new Pieces(budget, settings.maxHelloBytes());
    }

    /** A handshake record begins. */
    void record() {
        records++;
        if (inside() && records > settings.maxRecords()) {
            reader.fault(TOO_MANY_RECORDS);
        }
    }

    /** Whether a message has begun and is not whole. */
    boolean inside() {
        return headerBytes > 0;
    }

    int held() {
        return held.held();
    }

    void clear() {
        held.clear();
        certificates = null;
        headerBytes = 0;
        left = 0;
    }

    void content(ByteBuffer bytes, int from, int count, int rest) {
        int at = from;
        int end = from + count;
        while (at < end) {
            if (headerBytes < HEADER) {
                header = header << 8 | (bytes.get(at++) & 0xFF);
                headerBytes++;
                if (headerBytes == HEADER && !begin()) {
                    return;
                }
            } else {
                int part = Math.min(left, end - at);
                if (!body(bytes, at, part)) {
                    return;
                }
                at += part;
            }
            if (headerBytes == HEADER && left == 0 && !whole(bytes, at, end - at + rest)) {
                return;
            }
        }
    }

    private boolean begin() {
        type = (int) (header >> 24) & 0xFF;
        length = (int) header & 0xFFFFFF;
        left = length;
        records = 1;
        if (wanted.test(type) && HEADER + length > settings.maxHelloBytes() && type != HandshakeBodies.CERTIFICATE) {
            return fault(TOO_LONG);
        }
        if (wanted.test(type) && type == HandshakeBodies.CERTIFICATE) {
            certificates = new CertificateList(held, settings.maxHelloBytes());
        }
        return true;
    }

    /** Takes the next bytes of a body in, unless they are all of it: those are read where they lie. */
    private boolean body(ByteBuffer bytes, int from, int count) {
        boolean allAtOnce = count == length;
        int offset = length - left;
        left -= count;
        if (!wanted.test(type)) {
            return true;
        }
        if (certificates != null) {
            String fault = certificates.take(bytes, from, count);
            return fault == null || fault(fault);
        }
        return allAtOnce || held.put(offset, bytes, from, count) == Pieces.Put.TAKEN || fault(NO_ROOM);
    }

    private boolean whole(ByteBuffer bytes, int end, int restOfRecord) {
        headerBytes = 0;
        if (!wanted.test(type)) {
            return true;
        }
        if (certificates != null) {
            return certificate(certificates);
        }
        boolean direct = held.ready() < length;
        ByteCursor body =
                direct ? ByteCursor.over(bytes, end - length, length) : ByteCursor.over(held.view(), 0, length);
        reader.message(type, body, restOfRecord);
        held.clear();
        return true;
    }

    private boolean certificate(CertificateList list) {
        byte[] first = list.first();
        int chain = list.count();
        certificates = null;
        held.clear();
        if (first.length > 0) {
            reader.certificate(first, chain);
        }
        return true;
    }

    private boolean fault(String rule) {
        clear();
        reader.fault(rule);
        return false;
    }
}
