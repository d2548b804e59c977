package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.DAY;
import static io.postern.analytics.fleet.Times.HOUR;

import java.util.ArrayList;
import java.util.List;

/** A device's day, four in the morning to four by local time, with the ends of its neighbours. */
final class Today {

    private static final long BEGINS = 4 * HOUR;

    final int day;
    final long from;
    final long to;
    final boolean weekend;
    final List<Stretch> stretches;

    final Spans used;
    final Spans charging;
    final Spans offline;

    /** Away from any Wi-Fi. */
    final Spans away;

    /** Jobs and the network of apps are held back. */
    final Spans held;

    private final List<List<Stretch>> byApp;

    /**
     * @param plans of yesterday, today and tomorrow
     * @param apps how many the device has
     */
    Today(int day, long localMidnight, boolean weekend, List<Plan> plans, int apps, long seed) {
        this.day = day;
        this.weekend = weekend;
        this.from = localMidnight + BEGINS;
        this.to = from + DAY;
        Spans.Builder inUse = new Spans.Builder();
        Spans.Builder plugged = new Spans.Builder();
        Spans.Builder cutOff = new Spans.Builder();
        Spans.Builder moved = new Spans.Builder();
        Spans.Builder farOff = new Spans.Builder();
        this.stretches = new ArrayList<>();
        this.byApp = new ArrayList<>();
        for (int app = 0; app < apps; app++) {
            byApp.add(new ArrayList<>(2));
        }
        for (Plan plan : plans) {
            inUse.addAll(plan.used());
            plugged.addAll(plan.charging());
            cutOff.addAll(plan.offline());
            moved.addAll(plan.moving());
            farOff.addAll(plan.away());
            for (Stretch stretch : plan.stretches()) {
                if (stretch.from() >= from && stretch.from() < to) {
                    stretches.add(stretch);
                    byApp.get(stretch.app()).add(stretch);
                }
            }
        }
        this.used = inUse.build();
        this.charging = plugged.build();
        this.offline = cutOff.build();
        this.away = farOff.build();
        this.held = held(moved.build(), plans.get(2).wakes(), seed);
    }

    private Spans held(Spans moving, long end, long seed) {
        Spans.Builder held = new Spans.Builder();
        for (int i = 0; i < used.count(); i++) {
            long until = i + 1 < used.count() ? used.from(i + 1) : end;
            charging.without(used.to(i), until, (a, b) -> Doze.hold(held, a, b, moving, new Dice(Dice.seed(seed, a))));
        }
        return held.build();
    }

    /** Of one app, in order. */
    List<Stretch> of(int app) {
        return byApp.get(app);
    }

    /** When something that can wait is let run: now, or when the device is next awake and online. */
    long whenLet(long at) {
        long let = at;
        for (long before = -1; let != before; ) {
            before = let;
            let = offline.after(held.after(let));
        }
        return let;
    }

    /** Of those that were let run at this time, one after the other, the turn of one; before all are held again. */
    long turn(long let, Dice dice) {
        return Math.min(let + dice.between(Times.SECOND, 40 * Times.SECOND), held.next(let) - 1);
    }

    boolean holds(long at) {
        return at >= from && at < to;
    }

    boolean locked(long at) {
        return !used.contains(at);
    }

    /** Tells of each stretch of the day in which a connection can live: the device is online and its network stays. */
    void connections(Spans.Each each) {
        long at = from;
        while (at < to) {
            long online = offline.after(at);
            if (online > at) {
                at = online;
                continue;
            }
            long until = Math.min(to, Math.min(offline.next(at), away.next(at)));
            each.span(at, until);
            at = until;
        }
    }
}
