package io.postern.wire.protocol;

import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;

/**
 * Recognises MQTT by a broker's CONNACK, MQTT 3.1.1 and 5.0 section 3.2, and the header of the packet behind it:
 * alone it is four bytes that others may send. A broker that refuses says nothing more and is not recognised.
 *
 * <pre>
 * 20 | length, at most 127 | 0000000x session present | code | [properties of 5] | type and flags | length
 * </pre>
 *
 * Never answers {@link Parse.Malformed}.
 */
public final class MqttConnackParser implements Parser<MqttConnack> {

    private static final int CONNACK = 0x20;
    private static final int FIXED = 4;
    private static final int LONGEST = 127;

    private static final int PUBLISH = 3;
    private static final int SUBACK = 0x90;
    private static final int PINGRESP = 0xD0;

    @Override
    public Parse<MqttConnack> parse(ByteBuffer bytes) {
        int at = bytes.position();
        int shown = bytes.remaining();
        boolean may = (shown < 1 || bytes.get(at) == CONNACK)
                && (shown < 2 || bytes.get(at + 1) >= 2)
                && (shown < 3 || (bytes.get(at + 2) & ~1) == 0)
                && (shown < FIXED || bytes.get(at + 3) == 0);
        if (!may) {
            return Parse.notThis();
        }
        int next = shown < 2 ? FIXED : 2 + Math.min(LONGEST, bytes.get(at + 1));
        if (shown > next && !may(bytes.get(at + next) & 0xFF)) {
            return Parse.notThis();
        }
        if (shown < next + 2) {
            return new Parse.NeedMore<>(next + 2);
        }
        return fits(bytes.get(at + next) & 0xFF, bytes.get(at + next + 1) & 0xFF)
                ? new Parse.Done<>(new MqttConnack(0), next + 2)
                : Parse.notThis();
    }

    /** What a broker sends, by type and flags: table 2.2. */
    private static boolean may(int first) {
        return switch (first) {
            case 0x40, 0x50, 0x62, 0x70, SUBACK, 0xB0, PINGRESP, 0xE0 -> true;
            default -> first >> 4 == PUBLISH && (first & 0x06) != 0x06;
        };
    }

    private static boolean fits(int first, int length) {
        return switch (first) {
            case PINGRESP -> length == 0;
            case SUBACK -> length >= 3;
            default -> length >= 2;
        };
    }
}
