package io.postern.tls.stream;

import java.nio.ByteBuffer;

/**
 * One direction of a stream, cut into its records.
 *
 * <pre>
 * record: type | 03 xx | length16 | fragment     RFC 8446 section 5.1
 * </pre>
 *
 * <p>In step from the first byte, or searching for a header that others follow at the distances it and they say.
 * Holds no bytes.
 */
final class Records {

    static final int CHANGE_CIPHER_SPEC = 20;
    static final int ALERT = 21;
    static final int HANDSHAKE = 22;
    static final int APPLICATION_DATA = 23;
    static final int HEARTBEAT = 24;

    /** Whom the records are for. */
    interface Reader {

        void begins(int type, int version, int length);

        /** A part of the current record, in order; {@code rest} bytes of the record are still to come. */
        void content(int type, ByteBuffer bytes, int from, int length, int rest);

        /** What should be a header is none: the stream is out of step. */
        void lost();

        /** Whether to go on; asked before each record. */
        boolean wants();
    }

    private static final int HEADER = 5;
    private static final int LATEST_MINOR = 4;
    /** A fragment of 2^14 bytes and what TLS 1.2 lets protection add, RFC 5246 section 6.2.3. */
    private static final int LONGEST = (1 << 14) + 2048;

    /** Whole bytes looked through for a header before giving up: four records of the longest kind. */
    private static final int LONGEST_SEARCH = 64 * 1024;

    private final Reader reader;

    private boolean searching;
    private int searched;
    private long header;
    private int headerBytes;
    private int type;
    private int version;
    private int left;
    private int inRow;
    private boolean filled;

    Records(Reader reader, boolean searching) {
        this.reader = reader;
        this.searching = searching;
    }

    void feed(ByteBuffer bytes) {
        int at = bytes.position();
        int end = bytes.limit();
        if (searching) {
            at = found(bytes, at, end);
        }
        boolean fromStart = at == bytes.position() && left == 0 && headerBytes == 0;
        while (at < end && reader.wants()) {
            if (left > 0) {
                int part = Math.min(left, end - at);
                left -= part;
                reader.content(type, bytes, at, part, left);
                at += part;
            } else {
                take(bytes.get(at++) & 0xFF);
                if (searching) {
                    at = end;
                }
            }
        }
        filled |= fromStart && inRow > 0 && left == 0 && headerBytes == 0;
    }

    /** From now on, headers are searched for: bytes were lost. */
    void search() {
        searching = true;
        headerBytes = 0;
        left = 0;
        inRow = 0;
    }

    /** Records begun in a row since the last search. */
    int inRow() {
        return inRow;
    }

    /** Whether some piece was made of whole records. */
    boolean filled() {
        return filled;
    }

    /** Whether so much was looked through in vain that there is no more to hope for. */
    boolean searchedEnough() {
        return searched >= LONGEST_SEARCH;
    }

    /** Where a header begins; the end if nowhere. Of the last bytes, too few for one, only those of a whole piece count. */
    private int found(ByteBuffer bytes, int from, int end) {
        for (int at = from; at < end && !searchedEnough(); at++) {
            if (fits(bytes, at, Math.min(end, at + HEADER)) && (at == from || end - at >= HEADER)) {
                searching = false;
                return at;
            }
            searched++;
        }
        return end;
    }

    private static boolean fits(ByteBuffer bytes, int from, int to) {
        long header = 0;
        for (int at = from; at < to; at++) {
            header = header << 8 | (bytes.get(at) & 0xFF);
            if (!fits(header, at - from + 1)) {
                return false;
            }
        }
        return true;
    }

    private void take(int octet) {
        header = header << 8 | octet;
        headerBytes++;
        if (!fits(header, headerBytes)) {
            search();
            reader.lost();
        } else if (headerBytes == HEADER) {
            begin();
        }
    }

    private void begin() {
        type = (int) (header >> 32) & 0xFF;
        version = (int) (header >> 16) & 0xFFFF;
        left = (int) header & 0xFFFF;
        headerBytes = 0;
        inRow++;
        reader.begins(type, version, left);
    }

    /** Whether the first {@code count} bytes can begin a record; they are the lowest of {@code header}. */
    private static boolean fits(long header, int count) {
        int last = (int) header & 0xFF;
        return switch (count) {
            case 1 -> last >= CHANGE_CIPHER_SPEC && last <= HEARTBEAT;
            case 2 -> last == 3;
            case 3 -> last <= LATEST_MINOR;
            case 4 -> last <= LONGEST >> 8;
            default -> lengthFits((int) (header >> 32) & 0xFF, (int) header & 0xFFFF);
        };
    }

    private static boolean lengthFits(int type, int length) {
        return switch (type) {
            // In clear one byte; a renegotiation's is protected like all else.
            case CHANGE_CIPHER_SPEC -> length == 1 || (length > 16 && length <= 256);
            case ALERT -> length == 2 || (length > 16 && length <= 512);
            // RFC 8446 section 5.1: only application data may be empty.
            case APPLICATION_DATA -> length <= LONGEST;
            default -> length > 0 && length <= LONGEST;
        };
    }
}
