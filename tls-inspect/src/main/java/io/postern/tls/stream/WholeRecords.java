package io.postern.tls.stream;

import io.postern.wire.ByteCursor;
import java.nio.ByteBuffer;

/**
 * Whether one read of a stream consists of TLS records, to its last byte: the most that can be known of a connection of
 * which a capture has nothing but its end.
 *
 * <pre>
 * 14 to 17 | 03 00 to 03 04 | length16 | fragment, and again        RFC 8446 section 5.1
 * </pre>
 *
 * A single record has 36 bits that chance would have to hit.
 */
public final class WholeRecords {

    private static final int HEADER = 5;
    private static final int FIRST_TYPE = 20;
    private static final int LAST_TYPE = 23;
    private static final int MAJOR = 3;
    private static final int LAST_MINOR = 4;
    /** RFC 5246 section 6.2.3. */
    private static final int LONGEST = (1 << 14) + 2048;

    private WholeRecords() {}

    /** Moves no index. */
    public static boolean fill(ByteBuffer bytes) {
        if (bytes.remaining() <= HEADER) {
            return false;
        }
        ByteCursor rest = ByteCursor.over(bytes);
        while (!rest.isEmpty()) {
            int type = rest.u8();
            boolean version = rest.u8() == MAJOR && rest.u8() <= LAST_MINOR;
            int length = rest.u16();
            boolean record = type >= FIRST_TYPE && type <= LAST_TYPE && version && length > 0 && length <= LONGEST;
            rest.skip(length);
            if (!record || rest.ranShort()) {
                return false;
            }
        }
        return true;
    }
}
