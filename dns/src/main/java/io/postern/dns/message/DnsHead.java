package io.postern.dns.message;

/**
 * The first twelve bytes of a message, and the numbers in it.
 *
 * <pre>
 * id16 | QR opcode4 AA TC RD | RA Z AD CD rcode4 | QD16 AN16 NS16 AR16          RFC 1035 section 4.1.1, RFC 4035
 * </pre>
 */
public final class DnsHead {

    public static final int LENGTH = 12;

    public static final int RESPONSE = 0x8000;
    public static final int TRUNCATED = 0x0200;
    public static final int RECURSION_DESIRED = 0x0100;
    public static final int RECURSION_AVAILABLE = 0x0080;
    public static final int AUTHENTIC = 0x0020;
    public static final int CHECKING_DISABLED = 0x0010;

    static final int QUESTIONS = 4;
    public static final int ANSWERS = 6;
    static final int AUTHORITIES = 8;
    static final int ADDITIONAL = 10;

    private DnsHead() {}

    public static int id(byte[] message) {
        return u16(message, 0);
    }

    public static int flags(byte[] message) {
        return u16(message, 2);
    }

    /** Without EDNS's upper bits. */
    public static int rcode(byte[] message) {
        return message[3] & 0x0F;
    }

    static int opcode(byte[] message) {
        return message[2] >> 3 & 0x0F;
    }

    public static int u16(byte[] message, int at) {
        return (message[at] & 0xFF) << 8 | (message[at + 1] & 0xFF);
    }

    static long u32(byte[] message, int at) {
        return (long) u16(message, at) << 16 | u16(message, at + 2);
    }

    static void put16(byte[] message, int at, int value) {
        message[at] = (byte) (value >>> 8);
        message[at + 1] = (byte) value;
    }

    static void put32(byte[] message, int at, long value) {
        put16(message, at, (int) (value >>> 16));
        put16(message, at + 2, (int) value);
    }
}
