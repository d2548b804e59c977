package io.postern.wire.capture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose the packets of a section are, from PCAPdroid's custom blocks and comments, its {@code pcap_dump.c} and
 * {@code pcapdroid.lua}.
 *
 * <pre>
 * custom block: 62652 32 | version 1 16 | type 8: 1 | 0 8 | uid 32 | length 8 | length 8 | package | label
 * comment of a packet, option 1: u- and the uid in decimal digits
 * </pre>
 *
 * As PCAPdroid has it, the first block of a uid counts, and a comment counts when such a block came before it.
 */
final class OwnerBlocks {

    private static final int CUSTOM = 0x0BAD;
    private static final int CUSTOM_NOT_COPIED = 0x40000BAD;
    private static final int ENTERPRISE = 62_652;
    private static final int VERSION = 1;
    private static final int UID = 1;
    private static final int FIELDS = 14;

    private static final int COMMENT = 1;
    private static final int COMMENT_HEADER = 4;
    private static final int LONGEST_NUMBER = 11;

    /** Ours; a device has some hundred. */
    static final int MOST = 65_536;

    private final boolean little;
    private final Map<Integer, Owner> owners = new HashMap<>();

    OwnerBlocks(boolean little) {
        this.little = little;
    }

    static boolean reads(int type) {
        return type == CUSTOM || type == CUSTOM_NOT_COPIED;
    }

    /** @param from the body of a custom block, anybody's */
    void read(ByteBuffer bytes, int from, int to) {
        if (to - from < FIELDS
                || PcapngFormat.u32(bytes, from, little) != ENTERPRISE
                || PcapngFormat.u16(bytes, from + 4, little) != VERSION
                || bytes.get(from + 6) != UID) {
            return;
        }
        int uid = PcapngFormat.u32(bytes, from + 8, little);
        int packageLength = bytes.get(from + 12) & 0xFF;
        int labelLength = bytes.get(from + 13) & 0xFF;
        int names = from + FIELDS;
        if (packageLength + labelLength <= to - names && owners.size() < MOST) {
            String packageName = text(bytes, names, packageLength);
            owners.putIfAbsent(uid, new Owner(uid, packageName, text(bytes, names + packageLength, labelLength)));
        }
    }

    /** Whose a packet with these options is; null where they do not say. */
    @Nullable
    Owner of(ByteBuffer bytes, int from, int to) {
        if (owners.isEmpty()) {
            return null;
        }
        int at = PcapngOptions.next(COMMENT, bytes, from, to, little);
        while (at >= 0) {
            int length = PcapngOptions.length(bytes, at, little);
            Owner owner = named(bytes, at + COMMENT_HEADER, length);
            if (owner != null) {
                return owner;
            }
            at = PcapngOptions.next(COMMENT, bytes, at + COMMENT_HEADER + (length + 3 & ~3), to, little);
        }
        return null;
    }

    private @Nullable Owner named(ByteBuffer bytes, int at, int length) {
        int digits = at + 2;
        if (length < 3 || length > 2 + LONGEST_NUMBER || bytes.get(at) != 'u' || bytes.get(at + 1) != '-') {
            return null;
        }
        boolean negative = bytes.get(digits) == '-';
        int first = negative ? digits + 1 : digits;
        long number = 0;
        for (int i = first; i < at + length; i++) {
            int digit = bytes.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return null;
            }
            number = number * 10 + digit;
        }
        long uid = negative ? -number : number;
        return first == at + length || uid != (int) uid ? null : owners.get((int) uid);
    }

    private static String text(ByteBuffer bytes, int at, int length) {
        byte[] copy = new byte[length];
        bytes.get(at, copy);
        return new String(copy, StandardCharsets.UTF_8);
    }
}
