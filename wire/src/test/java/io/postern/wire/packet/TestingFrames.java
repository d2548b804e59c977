package io.postern.wire.packet;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/** Frames put together by hand, from the inside out. */
public final class TestingFrames {

    public static final String CLIENT = "192.0.2.1";
    public static final String SERVER = "198.51.100.7";
    static final String CLIENT_6 = "2001:db8::1";
    static final String SERVER_6 = "2001:db8::7";

    private TestingFrames() {}

    /** Hex digits and arrays one after the other. */
    public static byte[] join(Object... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Object part : parts) {
            bytes.writeBytes(
                    part instanceof byte[] some
                            ? some
                            : HexFormat.of().parseHex(part.toString().replace(" ", "")));
        }
        return bytes.toByteArray();
    }

    static String u16(int value) {
        return HexFormat.of().toHexDigits((short) value);
    }

    static String u32(int value) {
        return HexFormat.of().toHexDigits(value);
    }

    public static byte[] udp(int source, int destination, byte[] payload) {
        return join(u16(source), u16(destination), u16(8 + payload.length), "0000", payload);
    }

    public static byte[] tcp(
            int source, int destination, int sequence, int acknowledgement, int flags, byte[] payload) {
        return join(
                u16(source),
                u16(destination),
                u32(sequence),
                u32(acknowledgement),
                u16(0x5000 | flags),
                "ffff 0000 0000",
                payload);
    }

    public static byte[] ipv4(int protocol, byte[] payload) {
        return ipv4(CLIENT, SERVER, protocol, 0, 0, payload);
    }

    /** @param fragment flags and offset as the header has them */
    public static byte[] ipv4(String source, String destination, int protocol, int id, int fragment, byte[] payload) {
        return join(
                "4500",
                u16(20 + payload.length),
                u16(id),
                u16(fragment),
                "40",
                HexFormat.of().toHexDigits((byte) protocol),
                "0000",
                address(source),
                address(destination),
                payload);
    }

    public static byte[] ipv6(int next, byte[] payload) {
        return join(
                "60000000",
                u16(payload.length),
                HexFormat.of().toHexDigits((byte) next),
                "40",
                address(CLIENT_6),
                address(SERVER_6),
                payload);
    }

    public static byte[] ethernet(int type, byte[] payload) {
        return join("020000000001 020000000002", u16(type), payload);
    }

    private static byte[] address(String text) {
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException impossible) {
            throw new AssertionError(text, impossible);
        }
    }
}
