package io.postern.wire.capture;

import java.nio.ByteBuffer;

/**
 * The blocks of a pcapng file, draft-ietf-opsawg-pcapng section 3.1.
 *
 * <pre>
 * type 32 | length 32 of all of it | body, to a multiple of 4 | length 32 again
 *
 * 0a0d0d0a  section header: 1a2b3c4d, as the writer's machine has it | version 1.0 | length of the section 64 | options
 * </pre>
 *
 * A file has any number of sections, each with an order of bytes and interfaces of its own. What is neither the section's
 * header, nor an interface, a packet or PCAPdroid's is passed over without being looked at, whatever its length.
 */
final class PcapngFormat implements CaptureFormat {

    static final int SECTION = 0x0A0D0D0A;
    private static final int ORDER = 0x1A2B3C4D;
    private static final int VERSION_MAJOR = 1;

    private static final int HEADER = 8;
    private static final int SMALLEST = 12;
    private static final int SMALLEST_SECTION = 28;

    private final FrameSink frames;
    private PcapngSection section;
    private String fault = "";

    PcapngFormat(FrameSink frames) {
        this.frames = frames;
        this.section = new PcapngSection(false, frames);
    }

    @Override
    public long next(ByteBuffer bytes, int at, int end) {
        if (end - at < SMALLEST) {
            return -SMALLEST;
        }
        boolean opens = bytes.getInt(at) == SECTION;
        int order = bytes.getInt(at + HEADER);
        if (opens && order != ORDER && Integer.reverseBytes(order) != ORDER) {
            return broken("a section's order of bytes is neither big nor little endian");
        }
        boolean little = opens ? order != ORDER : section.littleEndian();
        int type = u32(bytes, at, little);
        long length = Integer.toUnsignedLong(u32(bytes, at + 4, little));
        if (length < (opens ? SMALLEST_SECTION : SMALLEST) || length % 4 != 0) {
            return broken("length of a block is " + length + ", must be a multiple of 4 and at least "
                    + (opens ? SMALLEST_SECTION : SMALLEST));
        }
        if (!opens && !PcapngSection.reads(type)) {
            return length;
        }
        if (length > CaptureReader.MOST) {
            return broken("length of a block is " + length + ", must be at most " + CaptureReader.MOST);
        }
        if (end - at < length) {
            return -length;
        }
        int total = (int) length;
        if (u32(bytes, at + total - 4, little) != total) {
            return broken("a block ends with another length than it begins with");
        }
        return opens ? opened(bytes, at, total, little) : read(bytes, at, total, type);
    }

    private long opened(ByteBuffer bytes, int at, int total, boolean little) {
        int major = u16(bytes, at + 12, little);
        if (major != VERSION_MAJOR) {
            return broken("version is " + major + "." + u16(bytes, at + 14, little) + ", must be 1.0");
        }
        section = new PcapngSection(little, frames);
        return total;
    }

    private long read(ByteBuffer bytes, int at, int total, int type) {
        String wrong = section.read(type, bytes, at + HEADER, at + total - 4);
        return wrong.isEmpty() ? total : broken(wrong);
    }

    private long broken(String what) {
        fault = what;
        return BROKEN;
    }

    static int u32(ByteBuffer bytes, int at, boolean little) {
        int big = bytes.getInt(at);
        return little ? Integer.reverseBytes(big) : big;
    }

    static int u16(ByteBuffer bytes, int at, boolean little) {
        short big = bytes.getShort(at);
        return (little ? Short.reverseBytes(big) : big) & 0xFFFF;
    }

    @Override
    public String fault() {
        return fault;
    }

    @Override
    public String unit() {
        return "block";
    }
}
