package io.postern.gateway.capture;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * IP packets around relayed bytes, as if device and server had spoken to each other directly: IPv4 (RFC 791) where both have
 * such an address, else IPv6 (RFC 8200) with IPv4 addresses mapped (RFC 4291 section 2.5.5.2). One end's direction.
 *
 * @param udp else TCP
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
record Segments(boolean udp, byte[] from, int fromPort, byte[] to, int toPort) {

    static final int FIN = 1;
    static final int SYN = 2;
    static final int PSH = 8;
    static final int ACK = 16;

    /** Of payload, so that a packet has room for its heads. */
    static final int MOST = 16 * 1024;

    private static final int TCP_HEAD = 20;
    private static final int UDP_HEAD = 8;
    private static final int TCP_NUMBER = 6;
    private static final int UDP_NUMBER = 17;
    private static final int HOPS = 64;
    private static final int WINDOW = 0xFFFF;

    static Segments of(boolean udp, InetAddress from, int fromPort, InetAddress to, int toPort) {
        byte[] source = from.getAddress();
        byte[] target = to.getAddress();
        boolean six = source.length != 4 || target.length != 4;
        return new Segments(udp, six ? mapped(source) : source, fromPort, six ? mapped(target) : target, toPort);
    }

    private static byte[] mapped(byte[] address) {
        return address.length == 16
                ? address
                : ByteBuffer.allocate(16).putLong(0).putInt(0xFFFF).put(address).array();
    }

    Segments back() {
        return new Segments(udp, to, toPort, from, fromPort);
    }

    /** @param flags of TCP */
    byte[] packet(int flags, int sequence, int acknowledged, byte[] payload) {
        int head = udp ? UDP_HEAD : TCP_HEAD;
        int length = head + payload.length;
        boolean six = from.length == 16;
        ByteBuffer packet = ByteBuffer.allocate((six ? 40 : 20) + length);
        if (six) {
            packet.putInt(6 << 28)
                    .putShort((short) length)
                    .put((byte) number())
                    .put((byte) HOPS)
                    .put(from)
                    .put(to);
        } else {
            packet.putShort((short) 0x4500).putShort((short) (20 + length)).putInt(0x4000);
            packet.put((byte) HOPS)
                    .put((byte) number())
                    .putShort((short) 0)
                    .put(from)
                    .put(to);
            packet.putShort(10, (short) ~sum(0, packet.array(), 0, 20));
        }
        int at = packet.position();
        packet.putShort((short) fromPort).putShort((short) toPort);
        if (udp) {
            packet.putShort((short) length).putShort((short) 0);
        } else {
            packet.putInt(sequence).putInt(acknowledged).putShort((short) (5 << 12 | flags));
            packet.putShort((short) WINDOW).putInt(0);
        }
        packet.put(payload);
        int pseudo = sum(sum(number() + length, from, 0, from.length), to, 0, to.length);
        int sum = ~sum(pseudo, packet.array(), at, length) & 0xFFFF;
        // Of UDP none is a sum too: 0 would say that there is none (RFC 768).
        packet.putShort(at + (udp ? 6 : 16), (short) (udp && sum == 0 ? 0xFFFF : sum));
        return packet.array();
    }

    private int number() {
        return udp ? UDP_NUMBER : TCP_NUMBER;
    }

    /** RFC 1071, folded. */
    private static int sum(int start, byte[] bytes, int at, int length) {
        int sum = start;
        for (int i = 0; i < length; i++) {
            int one = bytes[at + i] & 0xFF;
            sum += (i & 1) == 0 ? one << 8 : one;
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (sum & 0xFFFF) + (sum >>> 16);
    }
}
