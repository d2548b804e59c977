package io.postern.wire.socks;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import io.postern.wire.datagram.DatagramParser;
import io.postern.wire.ip.HostText;
import java.nio.ByteBuffer;

/**
 * Reads the header of a relayed datagram; what it consumes is the header, what is left is the client's.
 *
 * <pre>
 * 0000 | fragment | address type | address | port16 | data      RFC 1928 section 7
 * </pre>
 *
 * Fragments are {@link Parse.Malformed}: the RFC lets a relay drop them, and nobody is known to send any.
 */
final class SocksDatagramParser implements DatagramParser<SocksDatagram> {

    static final String RESERVED = "reserved bytes are not zero, RFC 1928 section 7";
    static final String FRAGMENT = "a fragment, RFC 1928 section 7";
    static final String CUT = "shorter than its header, RFC 1928 section 7";

    @Override
    public Parse<SocksDatagram> parse(ByteBuffer datagram) {
        ByteCursor header = ByteCursor.over(datagram);
        int reserved = header.u16();
        int fragment = header.u8();
        int type = header.u8();
        if (header.ranShort() || header.remaining() == 0) {
            return new Parse.Malformed<>(CUT);
        }
        if (reserved != 0) {
            return new Parse.Malformed<>(RESERVED);
        }
        if (fragment != 0) {
            return new Parse.Malformed<>(FRAGMENT);
        }
        int length = SocksAddress.length(type, datagram.get(datagram.position() + 4) & 0xFF);
        if (length == 0) {
            return new Parse.Malformed<>(SocksRequestParser.ADDRESS_TYPE);
        }
        if (header.remaining() < length + 2) {
            return new Parse.Malformed<>(CUT);
        }
        HostText host = SocksAddress.host(header.slice(length), type);
        int port = header.u16();
        if (host instanceof HostText.Refused refused) {
            return new Parse.Malformed<>(refused.rule());
        }
        return port == 0
                ? new Parse.Malformed<>(SocksRequestParser.NO_PORT)
                : new Parse.Done<>(new SocksDatagram(host, port), datagram.remaining() - header.remaining());
    }
}
