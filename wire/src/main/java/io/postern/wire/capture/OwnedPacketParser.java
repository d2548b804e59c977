package io.postern.wire.capture;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import io.postern.wire.datagram.DatagramParser;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Reads a frame that PCAPdroid wrote with its extensions, from its {@code pcap_dump.h}.
 *
 * <pre>
 * 00 × 12 | EtherType | IPv4 or IPv6 packet | 0 to 3 bytes 00 | trailer
 * trailer: 01072021 | uid 32 | label, 20 bytes, 00 behind it | CRC-32 of all before it, as the device's machine has it
 * </pre>
 *
 * What has no such trailer, or is neither TCP nor UDP, or is not a packet's beginning, is another thing. IPv6 with extension
 * headers is too: what apps open has none.
 */
public final class OwnedPacketParser implements DatagramParser<OwnedPacket> {

    private static final int ETHERNET = 14;
    private static final int TRAILER = 32;
    private static final int LABEL = 20;
    private static final int MOST_PADDING = 3;
    private static final int MAGIC_HIGH = 0x0107;
    private static final int MAGIC_LOW = 0x2021;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86DD;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SYN_ALONE = 0x02;
    private static final int SYN_AND_ACK = 0x12;

    /** Of an IPv4 packet: that there are more fragments, and where this one belongs. */
    private static final int FRAGMENT = 0x3FFF;

    /** What IP says of its contents. */
    private record Inside(boolean udp, InetAddress source, InetAddress destination, int header, int length) {}

    @Override
    public Parse<OwnedPacket> parse(ByteBuffer frame) {
        int packet = frame.remaining() - ETHERNET - TRAILER;
        if (packet < IPV4_HEADER) {
            return Parse.notThis();
        }
        ByteCursor trailer = ByteCursor.over(frame, frame.limit() - TRAILER, TRAILER);
        if (trailer.u16() != MAGIC_HIGH || trailer.u16() != MAGIC_LOW || !checked(frame)) {
            return Parse.notThis();
        }
        int uid = trailer.u16() << 16 | trailer.u16();
        String label = text(trailer.slice(LABEL).latin1());
        Inside inside = inside(frame, packet);
        if (inside == null || inside.length > packet || packet - inside.length > MOST_PADDING) {
            return Parse.notThis();
        }
        return packet(frame, inside, uid, label);
    }

    private static Parse<OwnedPacket> packet(ByteBuffer frame, Inside inside, int uid, String label) {
        int from = frame.position() + ETHERNET + inside.header;
        ByteCursor ports = ByteCursor.over(frame, from, inside.length - inside.header);
        int source = ports.u16();
        int destination = ports.u16();
        ports.skip(inside.udp ? 4 : 9);
        int flags = inside.udp ? 0 : ports.u8();
        if (ports.ranShort()) {
            return Parse.notThis();
        }
        boolean opening = !inside.udp && (flags & SYN_AND_ACK) == SYN_ALONE;
        return new Parse.Done<>(
                new OwnedPacket(
                        uid, label, inside.udp, inside.source, source, inside.destination, destination, opening),
                frame.remaining());
    }

    private static @Nullable Inside inside(ByteBuffer frame, int packet) {
        ByteCursor cursor = ByteCursor.over(frame, frame.position() + ETHERNET - 2, packet + 2);
        int type = cursor.u16();
        int first = cursor.u8();
        if (type == IPV4 && first >> 4 == 4) {
            return ipv4(frame, cursor, (first & 0xF) * 4);
        }
        return type == IPV6 && first >> 4 == 6 && packet >= IPV6_HEADER ? ipv6(frame, cursor) : null;
    }

    private static @Nullable Inside ipv4(ByteBuffer frame, ByteCursor cursor, int header) {
        cursor.skip(1);
        int length = cursor.u16();
        cursor.skip(2);
        boolean fragment = (cursor.u16() & FRAGMENT) != 0;
        cursor.skip(1);
        int protocol = cursor.u8();
        int addresses = frame.position() + ETHERNET + 12;
        return fragment || header < IPV4_HEADER || length < header || (protocol != TCP && protocol != UDP)
                ? null
                : new Inside(
                        protocol == UDP,
                        address(frame, addresses, 4),
                        address(frame, addresses + 4, 4),
                        header,
                        length);
    }

    private static @Nullable Inside ipv6(ByteBuffer frame, ByteCursor cursor) {
        cursor.skip(3);
        int length = IPV6_HEADER + cursor.u16();
        int next = cursor.u8();
        int addresses = frame.position() + ETHERNET + 8;
        return next != TCP && next != UDP
                ? null
                : new Inside(
                        next == UDP,
                        address(frame, addresses, 16),
                        address(frame, addresses + 16, 16),
                        IPV6_HEADER,
                        length);
    }

    /** Phones are little-endian; the other order is as good a check. */
    private static boolean checked(ByteBuffer frame) {
        CRC32 crc = new CRC32();
        ByteBuffer before = frame.duplicate();
        before.limit(frame.limit() - Integer.BYTES);
        crc.update(before);
        int shown = frame.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(frame.limit() - Integer.BYTES);
        int is = (int) crc.getValue();
        return shown == is || Integer.reverseBytes(shown) == is;
    }

    private static String text(String padded) {
        int end = padded.indexOf(0);
        return end < 0 ? padded : padded.substring(0, end);
    }

    private static InetAddress address(ByteBuffer frame, int from, int count) {
        byte[] bytes = new byte[count];
        frame.get(from, bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("an address has 4 or 16 bytes", impossible);
        }
    }
}
