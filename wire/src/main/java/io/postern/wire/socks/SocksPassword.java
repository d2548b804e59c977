package io.postern.wire.socks;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;

/**
 * User name and password of a client, one char per byte.
 *
 * @param user 1 to 255 bytes
 * @param password 1 to 255 bytes
 */
public record SocksPassword(String user, String password) {

    public static final int SUCCESS = 0x00;
    public static final int FAILURE = 0x01;
    /** Of the sub-negotiation, not of SOCKS. */
    public static final int VERSION = 1;

    public static final String EMPTY = "empty user name or password, RFC 1929 section 2";

    /**
     * Reads a client's sub-negotiation.
     *
     * <pre>
     * 01 | length | user name | length | password      RFC 1929 section 2
     * </pre>
     */
    public static final Parser<SocksPassword> PARSER = SocksPassword::parse;

    private static Parse<SocksPassword> parse(ByteBuffer bytes) {
        ByteCursor cursor = ByteCursor.over(bytes);
        int version = cursor.u8();
        if (!cursor.ranShort() && version != VERSION) {
            return Parse.notThis();
        }
        int userLength = cursor.u8();
        if (cursor.ranShort()) {
            return new Parse.NeedMore<>(5);
        }
        if (userLength == 0) {
            return new Parse.Malformed<>(EMPTY);
        }
        ByteCursor user = cursor.slice(userLength);
        int passwordLength = cursor.u8();
        if (cursor.ranShort()) {
            return new Parse.NeedMore<>(2 + userLength + 2);
        }
        if (passwordLength == 0) {
            return new Parse.Malformed<>(EMPTY);
        }
        int total = 3 + userLength + passwordLength;
        if (bytes.remaining() < total) {
            return new Parse.NeedMore<>(total);
        }
        String password = cursor.slice(passwordLength).latin1();
        return new Parse.Done<>(new SocksPassword(user.latin1(), password), total);
    }

    /** Without the password, which is a credential. */
    @Override
    public String toString() {
        return user;
    }
}
