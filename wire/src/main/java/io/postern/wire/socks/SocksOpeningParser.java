package io.postern.wire.socks;

import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Recognises a SOCKS client in somebody else's stream by all it says up to its request, so that no three bytes pass for
 * SOCKS; {@link SocksExchange} knows it sooner, by both ends.
 *
 * <pre>
 * 5   05 n methods | [01 length user length password] | 05 command 00 type address port16    RFC 1928, RFC 1929
 * 4   04 01 | port16 | address32 | user 00
 * 4a  04 01 | port16 | 0.0.0.x | user 00 | name 00
 * </pre>
 *
 * <p>A request of version 4 without a user is nine bytes with little in them, and a BIND is rare: both need the answer.
 *
 * Never answers {@link Parse.Malformed}.
 */
public final class SocksOpeningParser implements Parser<SocksOpening> {

    private static final int FOUR = 4;
    private static final int FIVE = 5;
    /** Methods that are assigned are few, and nobody offers one twice. */
    static final int MOST_METHODS = 16;

    private static final int LAST_ASSIGNED = 9;
    private static final int FIRST_PRIVATE = 0x80;

    private final Parser<SocksRequest> requests = SocksRequest.PARSER;

    @Override
    public Parse<SocksOpening> parse(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return new Parse.NeedMore<>(SocksFour.SHORTEST);
        }
        int version = bytes.get(bytes.position());
        if (version == FIVE) {
            return five(bytes);
        }
        return version == FOUR ? SocksFour.alone(bytes) : Parse.notThis();
    }

    private Parse<SocksOpening> five(ByteBuffer bytes) {
        int from = bytes.position();
        int methods = methods(bytes);
        if (methods <= 0) {
            return methods < 0 ? Parse.notThis() : more(bytes);
        }
        int at = from + methods;
        if (at < bytes.limit() && bytes.get(at) == SocksPassword.VERSION) {
            Parse<SocksPassword> password = SocksPassword.PARSER.parse(rest(bytes, at));
            if (password instanceof Parse.NeedMore<SocksPassword> more) {
                return new Parse.NeedMore<>(at - from + more.total());
            }
            if (!(password instanceof Parse.Done<SocksPassword> done)) {
                return Parse.notThis();
            }
            at += done.consumed();
            if (at == bytes.limit()) {
                return more(bytes);
            }
        }
        Parse<SocksRequest> request = requests.parse(rest(bytes, at));
        if (request instanceof Parse.NeedMore<SocksRequest> more) {
            return new Parse.NeedMore<>(at - from + more.total());
        }
        return request instanceof Parse.Done<SocksRequest> done
                ? new Parse.Done<>(new SocksOpening(FIVE, Optional.of(done.value())), at - from + done.consumed())
                : Parse.notThis();
    }

    /** Bytes of the offer; 0 while it is not all there, -1 when it is none. */
    static int methods(ByteBuffer bytes) {
        int from = bytes.position();
        int shown = bytes.remaining();
        if (shown < 2) {
            return shown == 1 && bytes.get(from) != FIVE ? -1 : 0;
        }
        int count = bytes.get(from + 1) & 0xFF;
        if (bytes.get(from) != FIVE || count == 0 || count > MOST_METHODS) {
            return -1;
        }
        for (int i = 0; i < Math.min(count, shown - 2); i++) {
            if (!mayOffer(bytes, from + 2, i)) {
                return -1;
            }
        }
        return shown < 2 + count ? 0 : 2 + count;
    }

    private static boolean mayOffer(ByteBuffer bytes, int first, int index) {
        int method = bytes.get(first + index) & 0xFF;
        for (int i = 0; i < index; i++) {
            if ((bytes.get(first + i) & 0xFF) == method) {
                return false;
            }
        }
        return method <= LAST_ASSIGNED || (method >= FIRST_PRIVATE && method < SocksMethods.UNACCEPTABLE);
    }

    private static ByteBuffer rest(ByteBuffer bytes, int from) {
        return bytes.slice(from, bytes.limit() - from);
    }

    private static Parse<SocksOpening> more(ByteBuffer bytes) {
        return new Parse.NeedMore<>(bytes.remaining() + 1);
    }
}
