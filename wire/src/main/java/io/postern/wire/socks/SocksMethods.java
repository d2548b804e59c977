package io.postern.wire.socks;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;

/**
 * The ways to authenticate that a client offers; those that the gateway knows.
 *
 * @param password user name and password, RFC 1929
 * @param none no authentication
 */
public record SocksMethods(boolean password, boolean none) {

    public static final int NONE = 0x00;
    public static final int PASSWORD = 0x02;
    public static final int UNACCEPTABLE = 0xFF;

    public static final String NO_METHOD = "no method offered, RFC 1928 section 3";

    /**
     * Reads a client's first message.
     *
     * <pre>
     * 05 | number of methods | methods      RFC 1928 section 3
     * </pre>
     */
    public static final Parser<SocksMethods> PARSER = SocksMethods::parse;

    static final int VERSION = 5;

    private static Parse<SocksMethods> parse(ByteBuffer bytes) {
        ByteCursor cursor = ByteCursor.over(bytes);
        int version = cursor.u8();
        if (!cursor.ranShort() && version != VERSION) {
            return Parse.notThis();
        }
        int count = cursor.u8();
        if (cursor.ranShort()) {
            // Two bytes of length and at least one method.
            return new Parse.NeedMore<>(3);
        }
        if (count == 0) {
            return new Parse.Malformed<>(NO_METHOD);
        }
        int total = 2 + count;
        if (bytes.remaining() < total) {
            return new Parse.NeedMore<>(total);
        }
        boolean password = false;
        boolean none = false;
        for (int i = 0; i < count; i++) {
            int method = cursor.u8();
            password |= method == PASSWORD;
            none |= method == NONE;
        }
        return new Parse.Done<>(new SocksMethods(password, none), total);
    }
}
