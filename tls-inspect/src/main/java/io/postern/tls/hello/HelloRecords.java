package io.postern.tls.hello;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds one ClientHello message in the records a client begins with.
 *
 * <pre>
 * record:    16 | 03 xx | length16 | fragment    RFC 8446 section 5.1
 * handshake: 01 | length24 | ClientHello         RFC 8446 section 4, in one record or cut over several
 * </pre>
 *
 * <p>A reading costs a step per record, not per byte, and whenever the message's length is known it asks for all that is
 * still missing, as few record headers as can be: each reading then sees a fixed share of the rest, so even a message in
 * one-byte records is read O(log length) times.
 */
final class HelloRecords {

    static final int HEADER = 5;

    private static final int HANDSHAKE = 0x16;
    private static final int CLIENT_HELLO = 0x01;
    private static final int MESSAGE_HEADER = 4;
    private static final int LONGEST_FRAGMENT = 1 << 14;

    private final ByteBuffer bytes;
    private final TlsSettings settings;
    private final int start;
    private final int shown;

    /** Where the record being read begins, counted like all places here from the first byte. */
    private int at;

    private int records;

    /** Length of the message with its header, 0 until all four bytes of that were seen. */
    private int message;

    private int lengthSoFar;

    /** Bytes of the message in the records before this one. */
    private int gathered;

    HelloRecords(ByteBuffer bytes, TlsSettings settings) {
        this.bytes = bytes;
        this.settings = settings;
        this.start = bytes.position();
        this.shown = bytes.remaining();
    }

    /** The message without its header, copied only where it lies in several records. */
    Parse<ByteCursor> body() {
        Parse<ByteCursor> answer = null;
        while (answer == null) {
            answer = record();
        }
        return answer;
    }

    private @Nullable Parse<ByteCursor> record() {
        if (records == settings.maxRecords()) {
            return new Parse.Malformed<>(ClientHelloParser.TOO_MANY_RECORDS);
        }
        if (!headerFits()) {
            return records == 0 ? Parse.notThis() : new Parse.Malformed<>(ClientHelloParser.INTERRUPTED);
        }
        if (shown - at < HEADER) {
            return new Parse.NeedMore<>(message == 0 ? at + HEADER : at + withHeaders(message - gathered));
        }
        records++;
        return fragment(at + HEADER, (octet(at + 3) << 8) | octet(at + 4));
    }

    private @Nullable Parse<ByteCursor> fragment(int from, int length) {
        int there = Math.min(length, shown - from);
        if (!messageHeaderFits(from, there)) {
            return Parse.notThis();
        }
        if (message == 0 && there < length) {
            return new Parse.NeedMore<>(from + Math.min(length, MESSAGE_HEADER - gathered));
        }
        int rest = message - gathered - length;
        if (message > 0) {
            String fault = fault(rest);
            if (fault != null) {
                return new Parse.Malformed<>(fault);
            }
            if (there < length) {
                return new Parse.NeedMore<>(from + length + withHeaders(rest));
            }
        }
        gathered += length;
        at = from + length;
        return message > 0 && rest == 0 ? new Parse.Done<>(whole(), at) : null;
    }

    /** Whether what is shown of the header can begin a record of a handshake. */
    private boolean headerFits() {
        int there = shown - at;
        if (there > 0 && octet(at) != HANDSHAKE) {
            return false;
        }
        if (there > 1 && octet(at + 1) != 3) {
            return false;
        }
        if (there > 2 && octet(at + 2) > 4) {
            return false;
        }
        if (there < HEADER) {
            return true;
        }
        // An empty record would let a peer keep us reading for ever; section 5.1 forbids it.
        int length = (octet(at + 3) << 8) | octet(at + 4);
        return length > 0 && length <= LONGEST_FRAGMENT;
    }

    /** Takes the message's type and length where this fragment holds them; false when it is no ClientHello. */
    private boolean messageHeaderFits(int from, int there) {
        for (int i = 0; i < there && gathered + i < MESSAGE_HEADER; i++) {
            int octet = octet(from + i);
            if (gathered + i == 0 && octet != CLIENT_HELLO) {
                return false;
            }
            lengthSoFar = gathered + i == 0 ? 0 : (lengthSoFar << 8) | octet;
            if (gathered + i == MESSAGE_HEADER - 1) {
                message = MESSAGE_HEADER + lengthSoFar;
            }
        }
        return true;
    }

    private @Nullable String fault(int rest) {
        if (message > settings.maxHelloBytes()) {
            return ClientHelloParser.TOO_LONG;
        }
        if (rest < 0) {
            return ClientHelloParser.MORE_IN_RECORD;
        }
        return records + fewestRecords(rest) > settings.maxRecords() ? ClientHelloParser.TOO_MANY_RECORDS : null;
    }

    private ByteCursor whole() {
        if (records == 1) {
            return ByteCursor.over(bytes, start + HEADER + MESSAGE_HEADER, message - MESSAGE_HEADER);
        }
        byte[] joined = new byte[message];
        int filled = 0;
        for (int record = 0; filled < message; ) {
            int length = (octet(record + 3) << 8) | octet(record + 4);
            bytes.get(start + record + HEADER, joined, filled, length);
            filled += length;
            record += HEADER + length;
        }
        return ByteCursor.over(ByteBuffer.wrap(joined), MESSAGE_HEADER, message - MESSAGE_HEADER);
    }

    /** The fewest bytes that can carry these bytes of the message. */
    private static int withHeaders(int rest) {
        return rest + HEADER * fewestRecords(rest);
    }

    private static int fewestRecords(int rest) {
        return (rest + LONGEST_FRAGMENT - 1) / LONGEST_FRAGMENT;
    }

    private int octet(int place) {
        return bytes.get(start + place) & 0xFF;
    }
}
