package io.postern.tls.quic;

import io.postern.wire.ByteCursor;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * Recognises Google QUIC by a handshake message in clear, in packets that show no version: a server's, up to Q046.
 *
 * <pre>
 * flags8 | connection id 8 | [nonce 32] | packet number 1, 2, 4 or 6 | hash 12 | frames …
 *   in one of them   REJ 0 | number of entries 16 | 0 16 | (tag 32 | end 32)* | values        all little-endian
 * </pre>
 *
 * <p>Google's QUIC Crypto, revision of 2016: tags ascend, and so do the ends of their values. Three of them and the message's
 * own come to more than 64 bits that must fit.
 */
final class GoogleHandshake {

    /** An id of eight bytes; neither a version, nor a reset, nor multipath. */
    private static final int FLAGS = 0x08;

    private static final int FLAGS_MASK = 0xCB;
    private static final int NONCE = 0x04;
    private static final int[] NUMBER_LENGTHS = {1, 2, 4, 6};
    private static final int ID = 8;
    private static final int NONCE_LENGTH = 32;
    private static final int HASH = 12;

    /** Bytes of frames before the message: an acknowledgement, the header of its stream. */
    private static final int MOST_BEFORE = 64;

    /** REJ, SREJ, CHLO as they are read. */
    private static final Set<Integer> MESSAGES = Set.of(0x52454A00, 0x5352454A, 0x43484C4F);

    private static final int FEWEST = 3;
    private static final int MOST = 128;
    private static final int HEADER = 8;
    private static final int ENTRY = 8;

    static boolean in(ByteBuffer datagram) {
        ByteCursor header = ByteCursor.over(datagram);
        int flags = header.u8();
        if ((flags & FLAGS_MASK) != FLAGS) {
            return false;
        }
        header.skip(ID + ((flags & NONCE) == 0 ? 0 : NONCE_LENGTH) + NUMBER_LENGTHS[flags >> 4 & 3] + HASH);
        int from = datagram.limit() - header.remaining();
        int last = Math.min(from + MOST_BEFORE, datagram.limit() - HEADER - FEWEST * ENTRY);
        for (int at = from; at <= last && !header.ranShort(); at++) {
            if (message(datagram, at)) {
                return true;
            }
        }
        return false;
    }

    /** Of its entries the first three are looked at, which are there. */
    private static boolean message(ByteBuffer datagram, int at) {
        int entries = Short.toUnsignedInt(Short.reverseBytes(datagram.getShort(at + 4)));
        boolean begins = MESSAGES.contains(datagram.getInt(at))
                && entries >= FEWEST
                && entries <= MOST
                && datagram.getShort(at + 6) == 0;
        int tag = 0;
        int end = 0;
        for (int i = 0; i < FEWEST && begins; i++) {
            int entry = at + HEADER + i * ENTRY;
            int nextTag = Integer.reverseBytes(datagram.getInt(entry));
            int nextEnd = Integer.reverseBytes(datagram.getInt(entry + 4));
            begins = Integer.compareUnsigned(nextTag, tag) > 0 && nextEnd >= end && nextEnd < 0x10000;
            tag = nextTag;
            end = nextEnd;
        }
        return begins;
    }

    private GoogleHandshake() {}
}
