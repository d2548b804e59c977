package io.postern.tls.hello;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;

/**
 * Recognises and reads a hello in the shape of SSLv2.
 *
 * <pre>
 * 1, length15 | 01 | version16 | specs16 | session id16 | challenge16 | specs | session id | challenge
 * </pre>
 *
 * <p>RFC 5246 appendix E.2; a spec is three bytes. Nothing but the type says what it is, so whatever breaks a rule is
 * {@link Parse.NotThis}. Holds nothing between calls; may be shared between threads.
 */
public final class Ssl2HelloParser implements Parser<Ssl2Hello> {

    /** Bytes after which the parser is never undecided: a fifteen-bit length could ask for more, no hello does. */
    public static final int LONGEST = 2 + 1024;

    private static final int HEADER = 2;
    private static final int FIXED = 9;
    private static final int CLIENT_HELLO = 1;
    private static final int SSL_2 = 0x0002;
    private static final int SPEC = 3;
    private static final int SHORTEST_CHALLENGE = 16;
    private static final int LONGEST_CHALLENGE = 32;
    private static final int SESSION_ID_2 = 16;

    @Override
    public Parse<Ssl2Hello> parse(ByteBuffer bytes) {
        int shown = bytes.remaining();
        if (!beginningFits(bytes, shown)) {
            return Parse.notThis();
        }
        if (shown < HEADER + FIXED) {
            return new Parse.NeedMore<>(HEADER + FIXED);
        }
        ByteCursor all = ByteCursor.over(bytes);
        int length = all.u16() & 0x7FFF;
        all.skip(1);
        int version = all.u16();
        int specs = all.u16();
        int sessionId = all.u16();
        int challenge = all.u16();
        boolean fits = FIXED + specs + sessionId + challenge == length
                && specs > 0
                && specs % SPEC == 0
                && (sessionId == 0 || sessionId == SESSION_ID_2)
                && challenge >= SHORTEST_CHALLENGE
                && challenge <= LONGEST_CHALLENGE;
        if (!fits) {
            return Parse.notThis();
        }
        int total = HEADER + length;
        return shown < total ? new Parse.NeedMore<>(total) : new Parse.Done<>(hello(version, all.slice(specs)), total);
    }

    /** Whether what is shown of the first five bytes can begin one. */
    private static boolean beginningFits(ByteBuffer bytes, int shown) {
        ByteCursor all = ByteCursor.over(bytes);
        int high = all.u8();
        int low = all.u8();
        int type = all.u8();
        int major = all.u8();
        int minor = all.u8();
        int length = (high & 0x7F) << 8 | low;
        return (shown < 1 || (high >= 0x80 && high <= 0x80 + (LONGEST >> 8)))
                && (shown < 2 || (length >= FIXED + SPEC + SHORTEST_CHALLENGE && HEADER + length <= LONGEST))
                && (shown < 3 || type == CLIENT_HELLO)
                && (shown < 4 || major == 0 || major == 3)
                && (shown < 5 || (major == 0 ? minor == SSL_2 : minor <= 4));
    }

    private static Ssl2Hello hello(int version, ByteCursor specs) {
        char[] suites = new char[specs.remaining() / SPEC];
        int count = 0;
        int own = 0;
        while (!specs.isEmpty()) {
            boolean old = specs.u8() != 0;
            int suite = specs.u16();
            if (old) {
                own++;
            } else {
                suites[count++] = (char) suite;
            }
        }
        return new Ssl2Hello(version, Codes.adopt(suites, count), own);
    }
}
