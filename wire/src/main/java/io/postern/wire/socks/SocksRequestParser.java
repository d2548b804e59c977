package io.postern.wire.socks;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import io.postern.wire.ip.HostText;
import io.postern.wire.socks.SocksRequest.Command;
import java.nio.ByteBuffer;

/**
 * Reads a client's request; each byte is judged as soon as it is there.
 *
 * <pre>
 * 05 | command | 00 | address type | address | port16      RFC 1928 section 4
 *      01 CONNECT     01  4 octets
 *      02 BIND        03  length and name
 *      03 UDP ASS.    04  16 octets
 * </pre>
 *
 * A name is read by the grammar of {@link HostText}, so an address written as a name is that address.
 */
public final class SocksRequestParser implements Parser<SocksRequest> {

    public static final String COMMAND = "unknown command, RFC 1928 section 4";
    public static final String RESERVED = "reserved byte is not zero, RFC 1928 section 4";
    public static final String ADDRESS_TYPE = "unknown address type, RFC 1928 section 5";
    public static final String NO_NAME = "empty name, RFC 1928 section 5";
    public static final String NO_PORT = "no port to connect to";

    private static final int CONNECT = 1;
    private static final int UDP_ASSOCIATE = 3;
    /** Version, command, reserved, address type. */
    private static final int FIXED = 4;

    @Override
    public Parse<SocksRequest> parse(ByteBuffer bytes) {
        int at = bytes.position();
        int shown = bytes.remaining();
        if (shown > 0 && octet(bytes, at) != SocksMethods.VERSION) {
            return Parse.notThis();
        }
        if (shown > 1 && (octet(bytes, at + 1) < CONNECT || octet(bytes, at + 1) > UDP_ASSOCIATE)) {
            return new Parse.Malformed<>(COMMAND);
        }
        if (shown > 2 && octet(bytes, at + 2) != 0) {
            return new Parse.Malformed<>(RESERVED);
        }
        if (shown <= FIXED) {
            return shown == FIXED && SocksAddress.length(octet(bytes, at + 3), 1) == 0
                    ? new Parse.Malformed<>(ADDRESS_TYPE)
                    : new Parse.NeedMore<>(FIXED + 1);
        }
        return parse(bytes, command(octet(bytes, at + 1)), octet(bytes, at + 3));
    }

    private static Parse<SocksRequest> parse(ByteBuffer bytes, Command command, int type) {
        int first = octet(bytes, bytes.position() + FIXED);
        int length = SocksAddress.length(type, first);
        if (length == 0) {
            return new Parse.Malformed<>(ADDRESS_TYPE);
        }
        if (type == SocksAddress.NAME && first == 0) {
            return new Parse.Malformed<>(NO_NAME);
        }
        int total = FIXED + length + 2;
        if (bytes.remaining() < total) {
            return new Parse.NeedMore<>(total);
        }
        ByteCursor cursor = ByteCursor.over(bytes, bytes.position() + FIXED, length + 2);
        HostText host = SocksAddress.host(cursor.slice(length), type);
        int port = cursor.u16();
        if (host instanceof HostText.Refused refused) {
            return new Parse.Malformed<>(refused.rule());
        }
        if (port == 0 && command == Command.CONNECT) {
            return new Parse.Malformed<>(NO_PORT);
        }
        return new Parse.Done<>(new SocksRequest(command, host, port), total);
    }

    private static Command command(int code) {
        return switch (code) {
            case CONNECT -> Command.CONNECT;
            case UDP_ASSOCIATE -> Command.UDP_ASSOCIATE;
            default -> Command.BIND;
        };
    }

    private static int octet(ByteBuffer bytes, int index) {
        return bytes.get(index) & 0xFF;
    }
}
