package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.HOUR;
import static io.postern.analytics.fleet.Times.MINUTE;

/**
 * When Android holds back jobs, alarms and network of a device that lies unused on battery:
 *
 * <pre>
 * unused  ->  light, after 5 to 10 min: 5, 10, 15, 15, ... min held, 1 to 5 min open
 *         ->  deep, an hour after the last use or move: 1, 2, 4, 6, 6, ... h held, 5, 10, 10, ... min open
 * </pre>
 *
 * <p>Open together for all apps: these are the wake windows they share. The constants are those of AOSP's
 * DeviceIdleController.
 */
final class Doze {

    private static final long LIGHT_HELD = 5 * MINUTE;
    private static final long LIGHT_HELD_MOST = 15 * MINUTE;
    private static final long DEEP_AFTER = HOUR;
    private static final long DEEP_HELD_MOST = 6 * HOUR;
    private static final long DEEP_OPEN = 5 * MINUTE;
    private static final long DEEP_OPEN_MOST = 10 * MINUTE;

    private Doze() {}

    /** Adds what is held of a stretch in which the device was neither used nor charged. */
    static void hold(Spans.Builder held, long from, long to, Spans moving, Dice dice) {
        long deep = from + DEEP_AFTER;
        while (deep < to && (moving.contains(deep) || moving.contains(deep - DEEP_AFTER / 2))) {
            deep += DEEP_AFTER / 2;
        }
        light(held, from + dice.between(5 * MINUTE, 10 * MINUTE), Math.min(deep, to), dice);
        deep(held, deep, to);
    }

    private static void light(Spans.Builder held, long from, long to, Dice dice) {
        long length = LIGHT_HELD;
        for (long at = from; at < to; ) {
            held.add(at, Math.min(at + length, to));
            at += length + dice.between(MINUTE, 5 * MINUTE);
            length = Math.min(2 * length, LIGHT_HELD_MOST);
        }
    }

    private static void deep(Spans.Builder held, long from, long to) {
        long length = HOUR;
        long open = DEEP_OPEN;
        for (long at = from; at < to; ) {
            held.add(at, Math.min(at + length, to));
            at += length + open;
            length = Math.min(2 * length, DEEP_HELD_MOST);
            open = Math.min(2 * open, DEEP_OPEN_MOST);
        }
    }
}
