package io.postern.gateway.input;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** What an input is, by how it begins; its name says nothing. */
public enum Kind {
    /** pcap or pcapng. */
    CAPTURE,
    /** Records of flows, as we write them. */
    FLOWS,
    /** One log of Zeek's: tab-separated with a header, or JSON lines. */
    ZEEK,
    UNKNOWN;

    /** Of pcap in both orders of bytes, with microseconds and with nanoseconds, and of pcapng's first block. */
    private static final Set<Integer> MAGICS = Set.of(0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0x0a0d0d0a);

    /** Members that every line of such a log has, whatever else is in it. */
    private static final List<String> OURS = List.of("\"class_uid\"");

    private static final List<String> OF_ZEEK = List.of("\"id.orig_h\"", "\"ts\"");

    private static final List<String> HEADERS = List.of("#separator", "#fields", "#set_separator");

    static boolean capture(ByteBuffer head) {
        return head.remaining() >= Integer.BYTES && MAGICS.contains(head.getInt(head.position()));
    }

    /** @param head the first bytes, as many as there are up to some tens of KiB */
    static Kind of(ByteBuffer head) {
        if (capture(head)) {
            return CAPTURE;
        }
        String text =
                StandardCharsets.ISO_8859_1.decode(head.duplicate()).toString().stripLeading();
        if (HEADERS.stream().anyMatch(text::startsWith)) {
            return ZEEK;
        }
        // Not by the first line alone, which may be the broken one.
        if (text.indexOf('{') < 0) {
            return UNKNOWN;
        }
        return OURS.stream().anyMatch(text::contains)
                ? FLOWS
                : OF_ZEEK.stream().anyMatch(text::contains) ? ZEEK : UNKNOWN;
    }
}
