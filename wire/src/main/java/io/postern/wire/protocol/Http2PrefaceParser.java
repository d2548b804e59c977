package io.postern.wire.protocol;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Recognises HTTP/2 by its connection preface, RFC 9113 section 3.4: 24 octets, then a SETTINGS frame. The frame's
 * header is read too, its settings are not. Some clients acknowledge the server's settings before they send theirs.
 *
 * <pre>
 * "PRI * HTTP/2.0" CRLF CRLF "SM" CRLF CRLF | length24 | type 4 | flags | stream id 0
 * </pre>
 */
public final class Http2PrefaceParser implements Parser<Http2Preface> {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 9;
    private static final int SETTINGS = 4;
    private static final int SETTING = 6;
    /** What an endpoint must take before it said otherwise, RFC 9113 section 4.2. */
    private static final int MAX_FRAME = 1 << 14;

    private static final String FIRST_FRAME = "preface without SETTINGS, RFC 9113 section 3.4";
    private static final String FRAME_SIZE = "SETTINGS of a wrong size, RFC 9113 section 6.5";

    @Override
    public Parse<Http2Preface> parse(ByteBuffer bytes) {
        int shown = bytes.remaining();
        for (int i = 0; i < Math.min(shown, PREFACE.length); i++) {
            if (bytes.get(bytes.position() + i) != PREFACE[i]) {
                return Parse.notThis();
            }
        }
        if (shown < PREFACE.length + HEADER) {
            return new Parse.NeedMore<>(PREFACE.length + HEADER);
        }
        ByteCursor header = ByteCursor.over(bytes, bytes.position() + PREFACE.length, HEADER);
        int length = header.u24();
        boolean settings = header.u8() == SETTINGS;
        header.skip(1);
        // The first bit is reserved and means nothing.
        boolean connection = (header.u16() & 0x7FFF) == 0 && header.u16() == 0;
        if (!settings || !connection) {
            return new Parse.Malformed<>(FIRST_FRAME);
        }
        if (length % SETTING != 0 || length > MAX_FRAME) {
            return new Parse.Malformed<>(FRAME_SIZE);
        }
        return new Parse.Done<>(new Http2Preface(length / SETTING), PREFACE.length + HEADER);
    }
}
