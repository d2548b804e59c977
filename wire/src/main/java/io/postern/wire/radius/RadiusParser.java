package io.postern.wire.radius;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import io.postern.wire.datagram.DatagramParser;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a packet and all its attributes, RFC 2865 sections 3 and 5.
 *
 * <pre>
 * packet:    code8 | identifier8 | length16 of all of it | authenticator 128 | attributes
 * attribute: type8 | length8 of all of it | value
 * vendor's:  1a | length8 | vendor32 | { type8 | length8 of type to value | value }      RFC 2865 section 5.26
 * </pre>
 *
 * A vendor's attribute of another form than that is passed over. Never answers {@link Parse.NotThis}: whatever comes to
 * a RADIUS port is meant to be this.
 */
public final class RadiusParser implements DatagramParser<RadiusPacket> {

    private static final int MIN_ATTRIBUTE = 2;

    @Override
    public Parse<RadiusPacket> parse(ByteBuffer datagram) {
        ByteCursor header = ByteCursor.over(datagram);
        int code = header.u8();
        int identifier = header.u8();
        int length = header.u16();
        if (length < RadiusPacket.HEADER || length > RadiusPacket.MOST) {
            return new Parse.Malformed<>("RFC 2865 section 3: length from 20 to 4096");
        }
        if (datagram.remaining() < length) {
            return new Parse.Malformed<>("RFC 2865 section 3: the packet is shorter than its length");
        }
        int start = datagram.position();
        List<RadiusAttribute> attributes = new ArrayList<>();
        int at = RadiusPacket.HEADER;
        while (at < length) {
            int room = length - at;
            int size = room < MIN_ATTRIBUTE ? 0 : datagram.get(start + at + 1) & 0xFF;
            if (size < MIN_ATTRIBUTE || size > room) {
                return new Parse.Malformed<>(
                        "RFC 2865 section 5: an attribute's length is at least 2 and inside the packet");
            }
            attribute(datagram, at, size, attributes);
            at += size;
        }
        return new Parse.Done<>(new RadiusPacket(code, identifier, length, attributes), length);
    }

    private static void attribute(ByteBuffer datagram, int at, int size, List<RadiusAttribute> attributes) {
        int type = datagram.get(datagram.position() + at) & 0xFF;
        if (type == RadiusAttribute.VENDOR_SPECIFIC) {
            vendors(datagram, at + MIN_ATTRIBUTE, size - MIN_ATTRIBUTE, attributes);
        } else {
            attributes.add(value(datagram, 0, type, at + MIN_ATTRIBUTE, size - MIN_ATTRIBUTE));
        }
    }

    private static void vendors(ByteBuffer datagram, int at, int size, List<RadiusAttribute> attributes) {
        ByteCursor inside = ByteCursor.over(datagram, datagram.position() + at, size);
        int vendor = inside.u16() << 16 | inside.u16();
        if (vendor == 0) {
            return;
        }
        while (!inside.isEmpty()) {
            int type = inside.u8();
            int length = inside.u8() - MIN_ATTRIBUTE;
            int from = at + size - inside.remaining();
            inside.skip(length);
            if (inside.ranShort()) {
                return;
            }
            attributes.add(value(datagram, vendor, type, from, length));
        }
    }

    private static RadiusAttribute value(ByteBuffer datagram, int vendor, int type, int at, int length) {
        int from = datagram.position() + at;
        return new RadiusAttribute(vendor, type, at, ByteCursor.latin1(datagram, from, from + length));
    }
}
