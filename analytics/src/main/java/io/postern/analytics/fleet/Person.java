package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.DAY;
import static io.postern.analytics.fleet.Times.HOUR;
import static io.postern.analytics.fleet.Times.MINUTE;
import static io.postern.analytics.fleet.Times.SECOND;

import java.util.ArrayList;
import java.util.List;

/**
 * The habits of a device's user. Sessions a day and their lengths are about those that studies measure; the rest is ours.
 *
 * @param zone east of UTC, in milliseconds
 * @param wakes after local midnight, in milliseconds, of a work day
 * @param sleeps as for {@code wakes}
 * @param commute each way, in milliseconds; 0 of those who stay
 * @param sessions a day
 * @param chargesAtNight probability
 * @param offAtNight whether it is switched off at night
 */
record Person(
        long zone, long wakes, long sleeps, long commute, double sessions, double chargesAtNight, boolean offAtNight) {

    private static final long[] ZONES = {
        -8 * HOUR, -5 * HOUR, -3 * HOUR, 0, HOUR, HOUR, 2 * HOUR, 330 * MINUTE, 9 * HOUR
    };
    private static final long LONGEST_SESSION = 45 * MINUTE;

    static Person of(Dice dice) {
        return new Person(
                ZONES[dice.below(ZONES.length)],
                (long) (6.9 * HOUR + 45 * MINUTE * dice.bell()),
                (long) (22.9 * HOUR + 45 * MINUTE * dice.bell()),
                dice.chance(0.75) ? dice.between(15 * MINUTE, 55 * MINUTE) : 0,
                Math.min(110, dice.spread(45, 0.4)),
                dice.chance(0.8) ? 0.95 : 0.5,
                dice.chance(0.04));
    }

    /** @param picks which app is opened next */
    Plan plan(long utcMidnight, boolean weekend, Dice dice, Picks picks) {
        long midnight = utcMidnight - zone;
        long up = midnight + wakes + (long) (20 * MINUTE * dice.bell()) + (weekend ? dice.between(0, 2 * HOUR) : 0);
        long down = midnight + sleeps + (long) (30 * MINUTE * dice.bell()) + (weekend ? dice.between(0, HOUR) : 0);
        Spans moving = moving(midnight, up, weekend, dice);
        Sessions sessions = sessions(up, down, midnight, weekend, dice, picks);
        long nextUp = up + DAY - (weekend ? HOUR : 2 * HOUR);
        return new Plan(
                up,
                down,
                sessions.used().build(),
                sessions.stretches(),
                charging(midnight, down, nextUp, weekend, dice),
                moving,
                away(midnight, moving, weekend, dice),
                offline(moving, up, down, nextUp, dice));
    }

    private Spans moving(long midnight, long up, boolean weekend, Dice dice) {
        Spans.Builder moving = new Spans.Builder();
        if (weekend) {
            if (dice.chance(0.6)) {
                long out = dice.between(midnight + 11 * HOUR, midnight + 16 * HOUR);
                moving.add(out, out + dice.between(20 * MINUTE, 3 * HOUR));
            }
        } else if (commute > 0 && dice.chance(0.9)) {
            long out = up + dice.between(40 * MINUTE, 80 * MINUTE);
            moving.add(out, out + commute);
            long back = midnight + 17 * HOUR + dice.between(0, 90 * MINUTE);
            moving.add(back, back + commute);
        }
        return moving.build();
    }

    /** What is being gathered of a day's use. */
    private record Sessions(Spans.Builder used, List<Stretch> stretches) {}

    private Sessions sessions(long up, long down, long midnight, boolean weekend, Dice dice, Picks picks) {
        Sessions gathered = new Sessions(new Spans.Builder(), new ArrayList<>());
        double gap = (down - up) / sessions;
        long at = up + dice.between(MINUTE, 20 * MINUTE);
        while (at < down) {
            long end =
                    Math.min(down, at + Math.min(LONGEST_SESSION, (long) dice.spread(75.0 * SECOND, 1.1)) + 5 * SECOND);
            if (end - at >= 5 * SECOND) {
                gathered.used().add(at, end);
                stretches(at, end, gathered.stretches(), dice, picks);
            }
            boolean atWork = !weekend && at > midnight + 9 * HOUR && at < midnight + 17 * HOUR;
            at = end + MINUTE / 4 + (long) dice.exponential(gap * (atWork ? 1.2 : 0.75));
        }
        return gathered;
    }

    private static void stretches(long from, long to, List<Stretch> stretches, Dice dice, Picks picks) {
        long at = from;
        while (at < to) {
            long end = at + 5 * SECOND + (long) dice.spread(50.0 * SECOND, 0.8);
            if (to - end < 10 * SECOND) {
                end = to;
            }
            stretches.add(new Stretch(picks.next(dice), at, end));
            at = end;
        }
    }

    private Spans charging(long midnight, long down, long nextUp, boolean weekend, Dice dice) {
        Spans.Builder charging = new Spans.Builder();
        if (dice.chance(weekend ? 0.1 : 0.3)) {
            long at = midnight + dice.between(9 * HOUR, 15 * HOUR);
            charging.add(at, at + dice.between(30 * MINUTE, 2 * HOUR));
        }
        if (dice.chance(chargesAtNight)) {
            charging.add(down - dice.between(0, 40 * MINUTE), nextUp - dice.between(0, 30 * MINUTE));
        }
        return charging.build();
    }

    /** At work there is Wi-Fi, on the way there is none; one day in fifty is spent abroad without any. */
    private static Spans away(long midnight, Spans moving, boolean weekend, Dice dice) {
        if (dice.chance(weekend ? 0.04 : 0.015)) {
            Spans.Builder roaming = new Spans.Builder();
            roaming.add(midnight + 5 * HOUR, midnight + 23 * HOUR);
            return roaming.build();
        }
        return moving;
    }

    private Spans offline(Spans moving, long up, long down, long nextUp, Dice dice) {
        Spans.Builder offline = new Spans.Builder();
        if (dice.chance(0.04)) {
            long at = dice.between(up, down);
            offline.add(at, at + dice.between(HOUR, 6 * HOUR));
        } else {
            for (int i = 0; i < moving.count(); i++) {
                if (dice.chance(0.6)) {
                    long at = dice.between(moving.from(i), moving.to(i));
                    offline.add(at, at + dice.between(MINUTE, 5 * MINUTE));
                }
            }
        }
        if (offAtNight) {
            offline.add(down + 5 * MINUTE, nextUp - HOUR);
        }
        return offline.build();
    }

    /** Which app is opened next: its index on the device. */
    interface Picks {
        int next(Dice dice);
    }
}
