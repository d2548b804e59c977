package io.postern.wire.packet;

/**
 * 802.11 data frames and what capturing puts before them, IEEE 802.11 clause 9.3.2.
 *
 * <pre>
 * frame control 16, little-endian: version 2, type 2, subtype 4, to the system, from it, …, protected, order
 *   | duration 16 | address 48 × 3 | sequence 16 | address 48 if both to and from | QoS 16 | HT 32 if QoS and order | LLC
 *
 * radiotap  0 8 | 8 | length 16 | present 32, one more while its bit 31 is set | time 64 | flags 8 …   little-endian
 * AVS       80211001 or 80211002 | length 32 | …
 * Prism     message 32 | length 32 | …        as the writer's machine has it
 * </pre>
 *
 * Several MSDUs in one frame (A-MSDU) are not taken apart.
 */
final class WlanHeader {

    private static final int HEADER = 24;
    private static final int TYPE_AND_VERSION = 0x0F;
    private static final int DATA = 0x08;
    private static final int NO_DATA = 0x40;
    private static final int QOS = 0x80;
    private static final int BOTH_WAYS = 0x03;
    private static final int PROTECTED = 0x40;
    private static final int ORDER = 0x80;
    private static final int SEVERAL = 0x80;

    private static final int TIME_PRESENT = 1;
    private static final int FLAGS_PRESENT = 2;
    private static final int MORE_PRESENT = 1 << 31;
    private static final int PADDED = 0x20;

    private static final int AVS = 0x80211000;

    private WlanHeader() {}

    /** @param swapped whether the two bytes of the frame control are the other way round */
    static Layer read(Walk walk, boolean swapped) {
        return walk.lacks(HEADER)
                ? Layer.NOT_IP
                : data(walk, walk.u8(swapped ? 1 : 0), walk.u8(swapped ? 0 : 1), false);
    }

    /** @param padded whether the header is followed by 0 to 3 bytes, to a multiple of 4 */
    private static Layer data(Walk walk, int control, int flags, boolean padded) {
        if ((control & TYPE_AND_VERSION) != DATA || (control & NO_DATA) != 0) {
            return Layer.NOT_IP;
        }
        if ((flags & PROTECTED) != 0) {
            return Layer.ENCRYPTED;
        }
        int length = HEADER + ((flags & BOTH_WAYS) == BOTH_WAYS ? 6 : 0);
        if ((control & QOS) != 0) {
            if (walk.lacks(length + 2)) {
                return Layer.BROKEN;
            }
            if ((walk.u8(length) & SEVERAL) != 0) {
                return Layer.NOT_IP;
            }
            length += (flags & ORDER) != 0 ? 6 : 2;
        }
        walk.skip(padded ? length + 3 & ~3 : length);
        return Layer.LLC;
    }

    static Layer radiotap(Walk walk) {
        if (walk.lacks(8)) {
            return Layer.BROKEN;
        }
        int length = Short.reverseBytes((short) walk.u16(2)) & 0xFFFF;
        if (walk.u8(0) != 0 || length < 8 || walk.lacks(length)) {
            return Layer.BROKEN;
        }
        int present = Integer.reverseBytes(walk.u32(4));
        int at = 8;
        int more = present;
        while ((more & MORE_PRESENT) != 0 && at + 4 <= length) {
            more = Integer.reverseBytes(walk.u32(at));
            at += 4;
        }
        if ((present & TIME_PRESENT) != 0) {
            at = (at + 7 & ~7) + 8;
        }
        boolean padded = (present & FLAGS_PRESENT) != 0 && at < length && (walk.u8(at) & PADDED) != 0;
        walk.skip(length);
        return walk.lacks(HEADER) ? Layer.NOT_IP : data(walk, walk.u8(0), walk.u8(1), padded);
    }

    static Layer prism(Walk walk) {
        if (walk.lacks(8)) {
            return Layer.BROKEN;
        }
        if ((walk.u32(0) & ~0xF) == AVS) {
            return avs(walk);
        }
        int length = walk.u32(4);
        return after(walk, length >>> 16 == 0 ? length : Integer.reverseBytes(length));
    }

    static Layer avs(Walk walk) {
        return walk.lacks(8) ? Layer.BROKEN : after(walk, walk.u32(4));
    }

    private static Layer after(Walk walk, int length) {
        if (length < 8 || walk.lacks(length)) {
            return Layer.BROKEN;
        }
        walk.skip(length);
        return Layer.WLAN;
    }
}
