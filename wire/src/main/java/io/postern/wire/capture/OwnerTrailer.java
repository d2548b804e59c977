package io.postern.wire.capture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What PCAPdroid writes behind a frame with its extensions, from its {@code pcap_dump.h}; {@link OwnedPacketParser} has the
 * drawing. Its check makes sure that no app's own bytes speak for another app. Remembers what it answered last, so that the
 * packets of a capture share their owners.
 */
final class OwnerTrailer {

    private static final int LENGTH = 32;
    private static final int MAGIC = 0x01072021;
    private static final int LABEL = 20;

    /** An Ethernet and an IPv4 header. */
    private static final int SHORTEST = 14 + 20;

    /** Owners remembered: as many as a hash of 8 bits tells apart. */
    private static final int REMEMBERED = 256;

    private final CRC32 crc = new CRC32();
    private final @Nullable Owner[] owners = new @Nullable Owner[REMEMBERED];
    /** Of each, what it was read from: 24 bytes of uid and label. */
    private final long[] sources = new long[3 * REMEMBERED];

    private @Nullable Owner owner;

    /** Looks at a frame, of which {@link #length()} and {@link #owner()} then speak. */
    void read(ByteBuffer bytes, int from, int to, int linkType) {
        int at = to - LENGTH;
        owner = linkType == PcapHeader.ETHERNET
                        && at - from >= SHORTEST
                        && bytes.getInt(at) == MAGIC
                        && checked(bytes, from, to)
                ? remembered(bytes, at + 4)
                : null;
    }

    /** How many bytes it has; none where there is none. */
    int length() {
        return owner == null ? 0 : LENGTH;
    }

    @Nullable
    Owner owner() {
        return owner;
    }

    /** Phones are little-endian; the other order is as good a check. */
    private boolean checked(ByteBuffer bytes, int from, int to) {
        int end = to - Integer.BYTES;
        crc.reset();
        crc.update(bytes.duplicate().limit(end).position(from));
        int is = (int) crc.getValue();
        int shown = bytes.getInt(end);
        return shown == is || Integer.reverseBytes(shown) == is;
    }

    private Owner remembered(ByteBuffer bytes, int at) {
        long first = bytes.getLong(at);
        long second = bytes.getLong(at + 8);
        long third = bytes.getLong(at + 16);
        long hash = ((first * 31 + second) * 31 + third) * 0x9E3779B97F4A7C15L;
        int slot = (int) (hash >>> 56);
        Owner known = owners[slot];
        if (known != null
                && sources[3 * slot] == first
                && sources[3 * slot + 1] == second
                && sources[3 * slot + 2] == third) {
            return known;
        }
        Owner read = new Owner(bytes.getInt(at), "", label(bytes, at + Integer.BYTES));
        owners[slot] = read;
        sources[3 * slot] = first;
        sources[3 * slot + 1] = second;
        sources[3 * slot + 2] = third;
        return read;
    }

    private static String label(ByteBuffer bytes, int at) {
        byte[] padded = new byte[LABEL];
        bytes.get(at, padded);
        int length = 0;
        while (length < LABEL && padded[length] != 0) {
            length++;
        }
        return new String(padded, 0, length, StandardCharsets.UTF_8);
    }
}
