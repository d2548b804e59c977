package io.postern.wire.proxy;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import io.postern.wire.proxy.ProxyHeader.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads a PROXY v2 header, {@code proxy-protocol.txt} section 2.2.
 *
 * <pre>
 * 0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A | 2, command | family, transport | length16 | addresses | fields
 *
 * command            0 LOCAL, 1 PROXY
 * family, transport  11 TCP over IPv4: source4 destination4 port16 port16
 *                    21 TCP over IPv6: source16 destination16 port16 port16
 * field              type8 | length16 | value
 *                    03: CRC32C of the whole header with its own value zeroed; checked when it is there
 *                    04: padding
 * </pre>
 *
 * Refuses datagrams, UNIX sockets and unspecified families, for no destination comes of them, and more than
 * {@value #MAX_FIELDS} bytes of fields.
 */
public final class ProxyHeaderParser implements Parser<ProxyHeader> {

    /** Bytes of fields at most. */
    public static final int MAX_FIELDS = 512;

    public static final String VERSION = "not version 2, proxy-protocol.txt section 2.2";
    public static final String COMMAND = "neither LOCAL nor PROXY, proxy-protocol.txt section 2.2";
    public static final String FAMILY = "not TCP over IPv4 or IPv6, proxy-protocol.txt section 2.2";
    public static final String TOO_LONG = "more than 512 bytes of fields";
    public static final String SHORT = "length too short for the addresses, proxy-protocol.txt section 2.2";
    public static final String FIELDS = "a field goes beyond the header, proxy-protocol.txt section 2.2.1";
    public static final String CHECKSUM = "wrong checksum, proxy-protocol.txt section 2.2.3";
    public static final String NO_PORT = "no destination port";

    private static final byte[] SIGNATURE = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};
    private static final int FIXED = 16;
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    /** Of a pair of UNIX sockets, which LOCAL may carry and nobody reads. */
    private static final int MAX_ADDRESSES = 216;

    private static final int CRC32C_TYPE = 0x03;
    private static final int PADDING_TYPE = 0x04;

    /** How many bytes every header begins with. */
    public static final int SIGNATURE_LENGTH = SIGNATURE.length;

    /**
     * How much of the signature is there, once these bytes have come.
     *
     * @param before as much of it as has come before them
     * @return less than {@code before} and the bytes together when they are something else
     */
    public static int signature(int before, ByteBuffer bytes) {
        int agreed = before;
        int at = bytes.position();
        while (agreed < SIGNATURE.length && at < bytes.limit() && bytes.get(at) == SIGNATURE[agreed]) {
            agreed++;
            at++;
        }
        return agreed;
    }

    @Override
    public Parse<ProxyHeader> parse(ByteBuffer bytes) {
        int shown = bytes.remaining();
        if (signature(0, bytes) < Math.min(shown, SIGNATURE.length)) {
            return Parse.notThis();
        }
        int command = shown > 12 ? octet(bytes, 12) : PROXY;
        if (command >> 4 != 2) {
            return new Parse.Malformed<>(VERSION);
        }
        if (command > PROXY) {
            return new Parse.Malformed<>(COMMAND);
        }
        int family = shown > 13 ? octet(bytes, 13) : TCP4;
        if (command == PROXY && family != TCP4 && family != TCP6) {
            return new Parse.Malformed<>(FAMILY);
        }
        if (shown < FIXED) {
            return new Parse.NeedMore<>(FIXED);
        }
        int length = octet(bytes, 14) << 8 | octet(bytes, 15);
        int addresses = command == LOCAL ? 0 : family == TCP4 ? 12 : 36;
        if (length < addresses) {
            return new Parse.Malformed<>(SHORT);
        }
        if (length > (command == LOCAL ? MAX_ADDRESSES : addresses) + MAX_FIELDS) {
            return new Parse.Malformed<>(TOO_LONG);
        }
        if (shown < FIXED + length) {
            return new Parse.NeedMore<>(FIXED + length);
        }
        return command == LOCAL
                ? new Parse.Done<>(new ProxyHeader.Local(), FIXED + length)
                : proxied(bytes, addresses, length);
    }

    private static Parse<ProxyHeader> proxied(ByteBuffer bytes, int addresses, int length) {
        ByteCursor cursor = ByteCursor.over(bytes, bytes.position() + FIXED, length);
        InetAddress source = address(cursor, addresses / 2 - 2);
        InetAddress destination = address(cursor, addresses / 2 - 2);
        int sourcePort = cursor.u16();
        int destinationPort = cursor.u16();
        if (destinationPort == 0) {
            return new Parse.Malformed<>(NO_PORT);
        }
        List<Field> fields = new ArrayList<>();
        while (!cursor.isEmpty()) {
            int type = cursor.u8();
            int size = cursor.u16();
            int at = FIXED + length - cursor.remaining();
            ByteCursor value = cursor.slice(size);
            if (cursor.ranShort()) {
                return new Parse.Malformed<>(FIELDS);
            }
            if (type == CRC32C_TYPE) {
                if (size != 4 || checksum(bytes, at, FIXED + length) != ((long) value.u16() << 16 | value.u16())) {
                    return new Parse.Malformed<>(CHECKSUM);
                }
            } else if (type != PADDING_TYPE) {
                fields.add(new Field(type, value.latin1()));
            }
        }
        return new Parse.Done<>(
                new ProxyHeader.Proxied(
                        new InetSocketAddress(source, sourcePort),
                        new InetSocketAddress(destination, destinationPort),
                        fields),
                FIXED + length);
    }

    /** Of the header's bytes, the four at {@code at} taken for zeros. */
    private static long checksum(ByteBuffer bytes, int at, int total) {
        CRC32C crc = new CRC32C();
        int start = bytes.position();
        crc.update(bytes.duplicate().limit(start + at));
        crc.update(new byte[4]);
        crc.update(bytes.duplicate().limit(start + total).position(start + at + 4));
        return crc.getValue();
    }

    private static InetAddress address(ByteCursor cursor, int length) {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = (byte) cursor.u8();
        }
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("an address has 4 or 16 bytes", impossible);
        }
    }

    private static int octet(ByteBuffer bytes, int offset) {
        return bytes.get(bytes.position() + offset) & 0xFF;
    }
}
