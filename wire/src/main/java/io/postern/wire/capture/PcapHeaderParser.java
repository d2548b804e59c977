package io.postern.wire.capture;

import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads what a capture begins with, draft-ietf-opsawg-pcap section 4.
 *
 * <pre>
 * a1b2c3d4 or a1b23c4d, as the writer's machine has it | version 2.4 | 0 64 | snapshot length 32 | link type 32
 * </pre>
 */
public final class PcapHeaderParser implements Parser<PcapHeader> {

    static final int LENGTH = 24;
    private static final int MICROS = 0xA1B2C3D4;
    private static final int NANOS = 0xA1B23C4D;

    /** What is above are bits about the frame check sequence. */
    private static final int LINK_TYPE = 0xFFFF;

    @Override
    public Parse<PcapHeader> parse(ByteBuffer bytes) {
        if (bytes.remaining() < Integer.BYTES) {
            return new Parse.NeedMore<>(LENGTH);
        }
        ByteBuffer header = bytes.slice();
        int magic = header.order(ByteOrder.BIG_ENDIAN).getInt(0);
        int swapped = Integer.reverseBytes(magic);
        boolean little = swapped == MICROS || swapped == NANOS;
        if (!little && magic != MICROS && magic != NANOS) {
            return Parse.notThis();
        }
        if (bytes.remaining() < LENGTH) {
            return new Parse.NeedMore<>(LENGTH);
        }
        header.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        if (header.getShort(4) != 2 || header.getShort(6) != 4) {
            return new Parse.Malformed<>("draft-ietf-opsawg-pcap section 4: version 2.4");
        }
        boolean nanos = (little ? swapped : magic) == NANOS;
        return new Parse.Done<>(new PcapHeader(little, nanos, header.getInt(20) & LINK_TYPE), LENGTH);
    }
}
