package io.postern.tls.quic;

import io.postern.wire.ByteCursor;
import java.nio.ByteBuffer;

/**
 * Reads the frames an Initial may hold (RFC 9000 section 17.2.2): PADDING, PING, ACK, CRYPTO, CONNECTION_CLOSE. At any
 * other, or a broken one, it stops. Google's last versions before the IETF's have CRYPTO under another number, and an ACK
 * of their own shape before it.
 */
final class InitialFrames {

    /** Whom the frames are for. */
    interface Reader {

        void crypto(long offset, ByteBuffer bytes, int from, int length);

        void close(long code);
    }

    private static final int PADDING = 0x00;
    private static final int PING = 0x01;
    private static final int ACK = 0x02;
    private static final int ACK_ECN = 0x03;
    private static final int CRYPTO = 0x06;
    private static final int CONNECTION_CLOSE = 0x1c;
    private static final int GOOGLE_CRYPTO = 0x08;
    private static final int GOOGLE_ACK = 0x40;
    private static final int GOOGLE_ACK_BITS = 0xE0;

    static void read(ByteBuffer bytes, Reader reader) {
        ByteCursor frames = ByteCursor.over(bytes);
        boolean known = true;
        while (known && !frames.isEmpty()) {
            int type = frames.u8();
            switch (type) {
                case PADDING, PING -> {}
                case ACK, ACK_ECN -> acknowledged(frames, type == ACK_ECN);
                case CRYPTO -> crypto(frames, bytes, reader);
                case CONNECTION_CLOSE -> {
                    reader.close(LongHeader.integer(frames));
                    known = false;
                }
                default -> known = false;
            }
        }
    }

    /** Of versions T050 and T051. */
    static void readGoogle(ByteBuffer bytes, Reader reader) {
        ByteCursor frames = ByteCursor.over(bytes);
        boolean known = true;
        while (known && !frames.isEmpty()) {
            int type = frames.u8();
            if (type == GOOGLE_CRYPTO) {
                crypto(frames, bytes, reader);
            } else if ((type & GOOGLE_ACK_BITS) == GOOGLE_ACK) {
                known = googleAcknowledged(frames, type);
            } else {
                known = type == PADDING;
            }
        }
    }

    /** {@code 010 0 ll mm, largest 1 to 6, delay 2, block 1 to 6, number of timestamps}: one block and no timestamps. */
    private static boolean googleAcknowledged(ByteCursor frames, int type) {
        frames.skip(googleLength(type >> 2 & 3) + 2 + googleLength(type & 3));
        return frames.u8() == 0 && !frames.ranShort();
    }

    private static int googleLength(int bits) {
        return bits == 3 ? 6 : 1 << bits;
    }

    private static void crypto(ByteCursor frames, ByteBuffer bytes, Reader reader) {
        long offset = LongHeader.integer(frames);
        long length = LongHeader.integer(frames);
        if (length <= frames.remaining() && !frames.ranShort()) {
            int from = bytes.limit() - frames.remaining();
            frames.skip((int) length);
            reader.crypto(offset, bytes, from, (int) length);
        } else {
            frames.skip(frames.remaining());
        }
    }

    private static void acknowledged(ByteCursor frames, boolean counts) {
        LongHeader.integer(frames);
        LongHeader.integer(frames);
        long ranges = LongHeader.integer(frames);
        // The first range has no gap before it; the counts of ECN are three.
        for (long numbers = 1 + 2 * ranges + (counts ? 3 : 0); numbers > 0 && !frames.isEmpty(); numbers--) {
            LongHeader.integer(frames);
        }
    }

    private InitialFrames() {}
}
