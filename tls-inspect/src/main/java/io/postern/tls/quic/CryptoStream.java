package io.postern.tls.quic;

import io.postern.tls.watch.Budget;
import io.postern.tls.watch.Pieces;
import io.postern.wire.ByteCursor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One side's stream of handshake messages in the CRYPTO frames of its Initials, RFC 9000 section 19.6: in any order, in
 * several packets. Gives one message at a time.
 */
final class CryptoStream {

    static final String TOO_LONG = "CRYPTO frames beyond the limit, RFC 9000 section 7.5";
    static final String TOO_SCATTERED = "CRYPTO frames with more holes than the limit, RFC 9000 section 7.5";
    static final String NO_ROOM = "no room for CRYPTO frames";

    private static final int HEADER = 4;

    private final Pieces pieces;

    /** Where the message that is read begins in the stream. */
    private long base;

    CryptoStream(Budget budget, int most) {
        pieces = new Pieces(budget, most);
    }

    /** The limit broken, if any. */
    @Nullable
    String put(long offset, ByteBuffer source, int from, int length) {
        if (offset + length <= base) {
            // Sent again, of a message that was read.
            return null;
        }
        int known = (int) Math.max(0, Math.min(length, base - offset));
        return switch (pieces.put(offset + known - base, source, from + known, length - known)) {
            case TAKEN -> null;
            case TOO_LONG -> TOO_LONG;
            case TOO_SCATTERED -> TOO_SCATTERED;
            case NO_ROOM -> NO_ROOM;
        };
    }

    /** Type of the message that comes next, 0 before its first byte. */
    int type() {
        return pieces.ready() == 0 ? 0 : pieces.view().get(0);
    }

    /** The message without its header if it is whole; good until the next call. */
    @Nullable
    ByteCursor message() {
        if (pieces.ready() < HEADER) {
            return null;
        }
        ByteBuffer view = pieces.view();
        int length = view.getInt(0) & 0xFFFFFF;
        return pieces.ready() < HEADER + length ? null : ByteCursor.over(view, HEADER, length);
    }

    /** The message was read: the stream goes on behind it. Frames that hold more already are forgotten. */
    void next(int length) {
        base += HEADER + length;
        pieces.clear();
    }

    /** The stream begins again. */
    void restart() {
        base = 0;
        pieces.clear();
    }

    int held() {
        return pieces.held();
    }

    void clear() {
        pieces.clear();
    }
}
