package io.postern.wire.http;

import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;

/**
 * Keeps a slow client from making us read its head again for each byte it sends.
 *
 * <p>Asks the parser only when an empty line is among the new bytes, when the bytes have doubled since it was asked, or
 * when there is no more room: the work is linear in the bytes however they come. The answer is the parser's; a fault
 * may be told later than the parser alone would, never after the room is used up. One instance per head.
 *
 * @param <T> the head
 */
public final class HeadReader<T> {

    private final Parser<T> parser;
    private final int room;
    private int searched;
    private int asked;

    /**
     * @param room bytes after which the parser is never undecided, such as {@link HttpLimits#head()}
     */
    public HeadReader(Parser<T> parser, int room) {
        this.parser = parser;
        this.room = room;
    }

    /** All bytes so far, as {@link Parser#parse}; never fewer than before. */
    public Parse<T> read(ByteBuffer bytes) {
        int shown = bytes.remaining();
        boolean ask = shown >= 2 * asked || shown >= room || emptyLine(bytes, Math.max(0, searched - 2));
        searched = shown;
        if (!ask) {
            return new Parse.NeedMore<>(shown + 1);
        }
        asked = shown;
        return parser.parse(bytes);
    }

    /** LF LF or LF CR LF: what any reader takes for the end of a head, so that none is missed. */
    private static boolean emptyLine(ByteBuffer bytes, int from) {
        for (int i = bytes.position() + from; i < bytes.limit(); i++) {
            if (bytes.get(i) == '\n' && lineEndAt(bytes, i + 1)) {
                return true;
            }
        }
        return false;
    }

    private static boolean lineEndAt(ByteBuffer bytes, int index) {
        return at(bytes, index) == '\n' || (at(bytes, index) == '\r' && at(bytes, index + 1) == '\n');
    }

    private static int at(ByteBuffer bytes, int index) {
        return index < bytes.limit() ? bytes.get(index) : -1;
    }
}
