package io.postern.gateway.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Blocks of pcapng, draft-ietf-opsawg-pcapng sections 4.1 to 4.3, big-endian.
 *
 * <pre>
 * block:  type 32 | length 32 | body | length 32
 * option: code 16 | length 16 | value, filled up to 4 bytes;  0 ends them
 * </pre>
 */
final class PcapngBlocks {

    private static final int SECTION = 0x0A0D0D0A;
    private static final int ORDER = 0x1A2B3C4D;
    private static final int INTERFACE = 1;
    private static final int PACKET = 6;
    private static final int RAW_IP = 101;
    private static final int COMMENT = 1;
    private static final int NAME = 2;
    private static final int DESCRIPTION = 3;
    private static final int APPLICATION = 4;
    private static final int FLAGS = 2;
    private static final int RESOLUTION = 9;
    private static final byte NANOSECONDS = 9;
    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;
    private static final int LONGEST_TEXT = 16 * 1024;

    private PcapngBlocks() {}

    static byte[] section(String comment, String application) {
        ByteBuffer fixed = ByteBuffer.allocate(16)
                .putInt(ORDER)
                .putShort((short) 1)
                .putShort((short) 0)
                .putLong(-1);
        return block(SECTION, fixed.array(), new byte[0], text(COMMENT, comment), text(APPLICATION, application));
    }

    static byte[] interfaceOf(String name, String description) {
        ByteBuffer fixed = ByteBuffer.allocate(8)
                .putShort((short) RAW_IP)
                .putShort((short) 0)
                .putInt(0);
        return block(
                INTERFACE,
                fixed.array(),
                new byte[0],
                text(NAME, name),
                text(DESCRIPTION, description),
                option(RESOLUTION, new byte[] {NANOSECONDS}));
    }

    /**
     * @param nanos Unix time
     * @param comment empty: none
     */
    static byte[] packet(int number, long nanos, boolean out, byte[] packet, String comment) {
        ByteBuffer fixed = ByteBuffer.allocate(20)
                .putInt(number)
                .putLong(nanos)
                .putInt(packet.length)
                .putInt(packet.length);
        byte[] flags = option(
                FLAGS, ByteBuffer.allocate(4).putInt(out ? OUTBOUND : INBOUND).array());
        return block(PACKET, fixed.array(), packet, flags, comment.isEmpty() ? new byte[0] : text(COMMENT, comment));
    }

    private static byte[] text(int code, String value) {
        byte[] bytes = value.getBytes(UTF_8);
        return option(code, bytes.length <= LONGEST_TEXT ? bytes : Arrays.copyOf(bytes, LONGEST_TEXT));
    }

    private static byte[] option(int code, byte[] value) {
        return ByteBuffer.allocate(4 + padded(value.length))
                .putShort((short) code)
                .putShort((short) value.length)
                .put(value)
                .array();
    }

    private static byte[] block(int type, byte[] fixed, byte[] data, byte[]... options) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(fixed);
        body.writeBytes(Arrays.copyOf(data, padded(data.length)));
        for (byte[] option : options) {
            body.writeBytes(option);
        }
        body.writeBytes(new byte[4]);
        int length = 12 + body.size();
        return ByteBuffer.allocate(length)
                .putInt(type)
                .putInt(length)
                .put(body.toByteArray())
                .putInt(length)
                .array();
    }

    private static int padded(int length) {
        return length + 3 & ~3;
    }
}
