package io.postern.wire.protocol;

import io.postern.wire.ByteCursor;
import io.postern.wire.Magic;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;

/**
 * Recognises MQTT by a client's CONNECT, MQTT 3.1.1 and 5.0 section 3.1. Brokers that connect to each other set the
 * level's first bit.
 *
 * <pre>
 * 10 | remaining length, 1 to 4 bytes | 0004 "MQTT" or 0006 "MQIsdp" | level | flags, the last 0 | keep alive16 | …
 * </pre>
 *
 * <p>Read up to the keep-alive; what follows is as long as 256 MB. Never answers {@link Parse.Malformed}.
 */
public final class MqttConnectParser implements Parser<MqttConnect> {

    private static final int CONNECT = 0x10;
    private static final Magic MQTT = Magic.of("\0\4MQTT");
    private static final Magic MQISDP = Magic.of("\0\6MQIsdp");
    /** Level, flags, keep-alive; and at least the length of a client's id. */
    private static final int FIXED = 4;

    private static final int BRIDGE = 0x80;
    private static final int RESERVED = 0x01;
    private static final int WILL = 0x04;
    private static final int USER = 0x80;

    @Override
    public Parse<MqttConnect> parse(ByteBuffer bytes) {
        int at = bytes.position();
        int shown = bytes.remaining();
        if (shown == 0) {
            return new Parse.NeedMore<>(2 + MQTT.length() + FIXED);
        }
        if (bytes.get(at) != CONNECT) {
            return Parse.notThis();
        }
        int length = lengthBytes(bytes, at + 1);
        if (length < 0) {
            return Parse.notThis();
        }
        int name = at + 1 + length;
        boolean open = length == 0;
        boolean mqtt = !open && MQTT.mayStand(bytes, name);
        if (!open && !mqtt && !MQISDP.mayStand(bytes, name)) {
            return Parse.notThis();
        }
        int total = 1 + Math.max(1, length) + (open || mqtt ? MQTT : MQISDP).length() + FIXED;
        return shown < total ? new Parse.NeedMore<>(Math.max(total, shown + 1)) : opening(bytes, total, mqtt);
    }

    /** 0 while the length is not all there, -1 when it is none. */
    private static int lengthBytes(ByteBuffer bytes, int from) {
        for (int i = 0; i < 4; i++) {
            if (from + i >= bytes.limit()) {
                return 0;
            }
            int octet = bytes.get(from + i) & 0xFF;
            if (octet < 0x80) {
                // In the fewest bytes, section 1.5.5.
                return octet == 0 ? -1 : i + 1;
            }
        }
        return -1;
    }

    private static Parse<MqttConnect> opening(ByteBuffer bytes, int total, boolean mqtt) {
        ByteCursor fixed = ByteCursor.over(bytes, bytes.position() + total - FIXED, FIXED);
        int level = fixed.u8() & ~BRIDGE;
        int flags = fixed.u8();
        boolean sound = (mqtt ? level == 4 || level == 5 : level == 3) && (flags & RESERVED) == 0;
        return sound
                ? new Parse.Done<>(new MqttConnect(level, fixed.u16(), (flags & USER) != 0, (flags & WILL) != 0), total)
                : Parse.notThis();
    }
}
