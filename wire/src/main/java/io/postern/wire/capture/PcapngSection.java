package io.postern.wire.capture;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The interfaces and packets of one section, draft-ietf-opsawg-pcapng sections 4.2 to 4.4 and appendix A.
 *
 * <pre>
 * 1  interface        link type 16 | 0 16 | snapshot length 32, 0 for none | options: 9 resolution 8, 14 offset 64 s
 * 2  packet, obsolete interface 16 | drops 16 | time 64 | length kept 32 | length on the wire 32 | what was kept | options
 * 3  simple packet    length on the wire 32 | what was kept of interface 0
 * 6  enhanced packet  interface 32 | time 64 | length kept 32 | length on the wire 32 | what was kept | options
 * </pre>
 */
final class PcapngSection {

    private static final int INTERFACE = 1;
    private static final int OBSOLETE_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;

    private static final int INTERFACE_FIELDS = 8;
    private static final int SIMPLE_FIELDS = 4;
    private static final int PACKET_FIELDS = 20;

    private static final int RESOLUTION = 9;
    private static final int OFFSET = 14;

    /** Ours. */
    static final int MOST_INTERFACES = 4_096;

    private static final String NONE = "";
    private static final String SHORT = "a block is too short for what it is";

    private final boolean little;
    private final FrameSink frames;
    private final Frame frame = new Frame();
    private final List<Interface> interfaces = new ArrayList<>();
    private final OwnerBlocks owners;
    private final OwnerTrailer trailer = new OwnerTrailer();
    private long micros;

    /** @param snapLength unlimited is written as {@link Integer#MAX_VALUE} */
    private record Interface(int linkType, int snapLength, PcapngClock clock) {}

    PcapngSection(boolean little, FrameSink frames) {
        this.little = little;
        this.frames = frames;
        this.owners = new OwnerBlocks(little);
    }

    boolean littleEndian() {
        return little;
    }

    /** Whether it makes a difference what is in blocks of the type. */
    static boolean reads(int type) {
        return type == ENHANCED_PACKET
                || type == INTERFACE
                || type == SIMPLE_PACKET
                || type == OBSOLETE_PACKET
                || OwnerBlocks.reads(type);
    }

    /**
     * @param from the body
     * @return what is wrong with it; empty if nothing
     */
    String read(int type, ByteBuffer bytes, int from, int to) {
        return switch (type) {
            case ENHANCED_PACKET, OBSOLETE_PACKET -> packet(type, bytes, from, to);
            case SIMPLE_PACKET -> simple(bytes, from, to);
            case INTERFACE -> add(bytes, from, to);
            default -> {
                owners.read(bytes, from, to);
                yield NONE;
            }
        };
    }

    private String packet(int type, ByteBuffer bytes, int from, int to) {
        if (to - from < PACKET_FIELDS) {
            return SHORT;
        }
        int index = type == ENHANCED_PACKET ? u32(bytes, from) : PcapngFormat.u16(bytes, from, little);
        if (index < 0 || index >= interfaces.size()) {
            return "a packet is of interface " + Integer.toUnsignedString(index) + ", must be of one of the "
                    + interfaces.size() + " before it";
        }
        Interface at = interfaces.get(index);
        long ticks = (long) u32(bytes, from + 4) << 32 | Integer.toUnsignedLong(u32(bytes, from + 8));
        int kept = u32(bytes, from + 12);
        int data = from + PACKET_FIELDS;
        if (kept < 0 || kept > to - data) {
            return "a packet keeps " + Integer.toUnsignedString(kept) + " bytes, must be at most the " + (to - data)
                    + " of its block";
        }
        micros = at.clock.micros(ticks);
        give(bytes, data, data + kept, at, u32(bytes, from + 16), data + padded(kept), to);
        return NONE;
    }

    private String simple(ByteBuffer bytes, int from, int to) {
        if (to - from < SIMPLE_FIELDS) {
            return SHORT;
        }
        if (interfaces.isEmpty()) {
            return "a simple packet comes before any interface";
        }
        int wire = u32(bytes, from);
        int data = from + SIMPLE_FIELDS;
        int room = Math.min(to - data, interfaces.get(0).snapLength);
        int kept = wire < 0 ? room : Math.min(wire, room);
        give(bytes, data, data + kept, interfaces.get(0), wire, to, to);
        return NONE;
    }

    private void give(ByteBuffer bytes, int from, int to, Interface at, int wire, int options, int end) {
        Owner owner = options < end ? owners.of(bytes, options, end) : null;
        int without = 0;
        if (owner == null) {
            trailer.read(bytes, from, to, at.linkType);
            owner = trailer.owner();
            without = trailer.length();
        }
        int length = Math.max(wire, to - from) - without;
        frames.frame(frame.set(bytes, from, to - without, at.linkType, micros, length, owner));
    }

    private String add(ByteBuffer bytes, int from, int to) {
        if (to - from < INTERFACE_FIELDS) {
            return SHORT;
        }
        if (interfaces.size() == MOST_INTERFACES) {
            return "a section has more than " + MOST_INTERFACES + " interfaces";
        }
        int snapLength = u32(bytes, from + 4);
        int options = from + INTERFACE_FIELDS;
        int resolution = PcapngOptions.find(RESOLUTION, 1, bytes, options, to, little);
        int offset = PcapngOptions.find(OFFSET, Long.BYTES, bytes, options, to, little);
        interfaces.add(new Interface(
                PcapngFormat.u16(bytes, from, little),
                snapLength <= 0 ? Integer.MAX_VALUE : snapLength,
                new PcapngClock(
                        resolution < 0 ? PcapngClock.MICROS : bytes.get(resolution) & 0xFF,
                        offset < 0 ? 0 : u64(bytes, offset))));
        return NONE;
    }

    private static int padded(int length) {
        return length + 3 & ~3;
    }

    private int u32(ByteBuffer bytes, int at) {
        return PcapngFormat.u32(bytes, at, little);
    }

    private long u64(ByteBuffer bytes, int at) {
        long big = bytes.getLong(at);
        return little ? Long.reverseBytes(big) : big;
    }
}
