package io.postern.wire.http2;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;

/**
 * Recognises HTTP/2 by a server's first frame, which is SETTINGS, RFC 9113 section 3.4; and by its own first byte, for
 * a length is short. Empty settings are nine bytes, eight of them zero: the header of the next frame must stand behind.
 *
 * <pre>
 * length24, a multiple of 6 | type 4 | flags 0 | stream 0 | identifier16 value32, …
 * [000000 04 01 00000000 or 000004 08 00 00000000]          behind empty settings
 * </pre>
 *
 * <p>Identifiers are those of the registry, or reserved to be ignored (xaxa). Its value is how many settings there are.
 * Never answers {@link Parse.Malformed}.
 */
public final class SettingsParser implements Parser<Integer> {

    private static final int HEADER = 9;
    private static final int SETTING = 6;
    private static final int MOST_SETTINGS = 20;
    private static final int LAST_SETTING = 0x10;
    private static final int SETTINGS = 4;
    private static final int WINDOW_UPDATE = 8;
    private static final int ACK = 1;
    private static final int GREASE = 0x0A0A;

    @Override
    public Parse<Integer> parse(ByteBuffer bytes) {
        int from = bytes.position();
        int shown = bytes.remaining();
        for (int i = 0; i < Math.min(shown, HEADER); i++) {
            int octet = bytes.get(from + i) & 0xFF;
            boolean may =
                    switch (i) {
                        case 2 -> octet % SETTING == 0 && octet <= MOST_SETTINGS * SETTING;
                        case 3 -> octet == SETTINGS;
                        default -> octet == 0;
                    };
            if (!may) {
                return Parse.notThis();
            }
        }
        if (shown < HEADER) {
            return new Parse.NeedMore<>(HEADER + SETTING);
        }
        int length = bytes.get(from + 2) & 0xFF;
        return length == 0 ? behindNone(bytes, from + HEADER) : settings(bytes, length);
    }

    private static Parse<Integer> settings(ByteBuffer bytes, int length) {
        int total = HEADER + length;
        int from = bytes.position() + HEADER;
        int whole = Math.min(bytes.limit() - from, length) / SETTING;
        for (int i = 0; i < whole; i++) {
            int identifier = ByteCursor.over(bytes, from + i * SETTING, 2).u16();
            if (identifier > LAST_SETTING && (identifier & 0x0F0F) != GREASE) {
                return Parse.notThis();
            }
        }
        return bytes.remaining() < total ? new Parse.NeedMore<>(total) : new Parse.Done<>(length / SETTING, total);
    }

    private static Parse<Integer> behindNone(ByteBuffer bytes, int from) {
        if (bytes.limit() - from < HEADER) {
            return new Parse.NeedMore<>(2 * HEADER);
        }
        ByteCursor next = ByteCursor.over(bytes, from, HEADER);
        int length = next.u24();
        int type = next.u8();
        int flags = next.u8();
        boolean connection = next.u32() == 0;
        boolean sound = (type == SETTINGS && flags == ACK && length == 0)
                || (type == WINDOW_UPDATE && flags == 0 && length == 4);
        return connection && sound ? new Parse.Done<>(0, 2 * HEADER) : Parse.notThis();
    }
}
