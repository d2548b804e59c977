package io.postern.wire.capture;

import java.nio.ByteBuffer;

/**
 * A pcap file, draft-ietf-opsawg-pcap sections 4 and 5; version 2.2 to 2.4.
 *
 * <pre>
 * header: magic 32 | version 16 16 | 0 64 | snapshot length 32 | link type 32
 * record: seconds 32 | fraction 32 | length kept 32 | length on the wire 32 | what was kept
 *
 * magic   a1b2c3d4 micros   a1b23c4d nanos   as the writer's machine has it
 *         a1b2cd34 micros, Kuznetzov's: each record has 8 more bytes before what was kept: interface 32, protocol 16, type 16
 * </pre>
 */
final class PcapFormat implements CaptureFormat {

    private static final int MICROS = 0xA1B2C3D4;
    private static final int NANOS = 0xA1B23C4D;
    private static final int KUZNETZOV = 0xA1B2CD34;

    private static final int HEADER = 24;
    private static final int RECORD = 16;
    private static final int KUZNETZOV_RECORD = 24;
    private static final int VERSION_MAJOR = 2;

    /** Before this minor version some wrote the lengths the other way round. */
    private static final int LENGTHS_SETTLED = 4;

    /** What is above are bits about the frame check sequence. */
    private static final int LINK_TYPE = 0xFFFF;

    /** What libpcap's MAXIMUM_SNAPLEN allows to keep of a frame. */
    static final int MOST = 262_144;

    private static final int MICROS_OF_SECOND = 1_000_000;

    private final FrameSink frames;
    private final Frame frame = new Frame();
    private final OwnerTrailer trailer = new OwnerTrailer();
    private boolean begun;
    private boolean little;
    private boolean lengthsSettled;
    private int fractionsOfMicro = 1;
    private int header = HEADER;
    private int linkType;
    private String fault = "";

    PcapFormat(FrameSink frames) {
        this.frames = frames;
    }

    static boolean begins(int magic) {
        return known(magic) || known(Integer.reverseBytes(magic));
    }

    private static boolean known(int magic) {
        return magic == MICROS || magic == NANOS || magic == KUZNETZOV;
    }

    @Override
    public long next(ByteBuffer bytes, int at, int end) {
        if (end - at < header) {
            return -header;
        }
        return begun ? record(bytes, at, end) : header(bytes, at);
    }

    private long header(ByteBuffer bytes, int at) {
        little = !known(bytes.getInt(at));
        int magic = u32(bytes, at);
        int versions = bytes.getInt(at + 4);
        int major = little ? Short.reverseBytes((short) (versions >>> 16)) : versions >>> 16;
        int minor = little ? Short.reverseBytes((short) versions) : versions & 0xFFFF;
        if (major != VERSION_MAJOR || minor < 2 || minor > LENGTHS_SETTLED) {
            fault = "version is " + major + "." + minor + ", must be 2.2 to 2.4";
            return BROKEN;
        }
        lengthsSettled = minor == LENGTHS_SETTLED;
        fractionsOfMicro = magic == NANOS ? 1_000 : 1;
        linkType = u32(bytes, at + 20) & LINK_TYPE;
        header = magic == KUZNETZOV ? KUZNETZOV_RECORD : RECORD;
        begun = true;
        return HEADER;
    }

    private long record(ByteBuffer bytes, int at, int end) {
        int kept = u32(bytes, at + 8);
        int wire = u32(bytes, at + 12);
        if (!lengthsSettled && Integer.compareUnsigned(kept, wire) > 0) {
            int swapped = kept;
            kept = wire;
            wire = swapped;
        }
        if (kept < 0 || kept > MOST) {
            fault = "a record keeps " + Integer.toUnsignedString(kept) + " bytes, must be at most " + MOST;
            return BROKEN;
        }
        int total = header + kept;
        if (end - at < total) {
            return -total;
        }
        long seconds = Integer.toUnsignedLong(u32(bytes, at));
        long fraction = Integer.toUnsignedLong(u32(bytes, at + 4)) / fractionsOfMicro;
        trailer.read(bytes, at + header, at + total, linkType);
        int without = trailer.length();
        frames.frame(frame.set(
                bytes,
                at + header,
                at + total - without,
                linkType,
                seconds * MICROS_OF_SECOND + fraction,
                Math.max(wire, kept) - without,
                trailer.owner()));
        return total;
    }

    private int u32(ByteBuffer bytes, int at) {
        int big = bytes.getInt(at);
        return little ? Integer.reverseBytes(big) : big;
    }

    @Override
    public String fault() {
        return fault;
    }

    @Override
    public String unit() {
        return begun ? "record" : "header";
    }
}
