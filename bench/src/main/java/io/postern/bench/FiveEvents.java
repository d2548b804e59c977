package io.postern.bench;

import com.sun.management.ThreadMXBean;
import io.postern.analytics.attack.FiveAnalytics;
import io.postern.analytics.attack.SelfTaught;
import io.postern.analytics.attack.Settings;
import io.postern.analytics.baseline.BaselineSettings;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.fleet.Fleet;
import io.postern.analytics.fleet.FleetSettings;
import io.postern.analytics.fleet.Happening;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * What one flow event costs the five analytics once a fleet is known: time and garbage on one thread. The fleet's first days
 * are learnt from, then everything proposed is approved; the days after are made beforehand, so that only the analytics run
 * while the clock does. The same events through the device's state alone are beside it.
 */
public final class FiveEvents {

    private static final int LEARNING_DAYS = 8;
    private static final int DAYS = 12;
    private static final long DAY = 86_400_000;
    private static final double IMPLANTS = 0.1;

    private FiveEvents() {}

    public static void main(String[] args) {
        int devices = args.length > 0 ? Integer.parseInt(args[0]) : 40;
        FleetSettings settings = FleetSettings.of(devices, DAYS, 7).withImplants(IMPLANTS);
        SelfTaught learning = new SelfTaught(Settings.DEFAULTS, BaselineSettings.DEFAULTS, Fleet.roles());
        Consumer<Finding> nobody = finding -> {};
        Iterator<Happening> all = new Fleet(settings).merged();
        long until = settings.startMillis() + LEARNING_DAYS * DAY;
        List<Happening> rest = new ArrayList<>();
        while (all.hasNext()) {
            Happening one = all.next();
            if (one.atMillis() >= until) {
                rest.add(one);
            } else if (one instanceof Happening.Flowed flowed) {
                learning.observe(flowed.event(), nobody);
            } else if (one instanceof Happening.Told told) {
                learning.told(told.event(), nobody);
            }
        }
        learning.approve("bench", until);
        System.out.printf("devices %d, events and facts %d%n", devices, rest.size());
        int quarter = rest.size() / 4;
        for (int i = 0; i < 4; i++) {
            measure("day " + (LEARNING_DAYS + i + 1), learning.five(), rest.subList(i * quarter, (i + 1) * quarter));
        }
    }

    private static void measure(String name, FiveAnalytics five, List<Happening> happenings) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] findings = new long[1];
        Consumer<Finding> counted = finding -> findings[0]++;
        long weighed = five.weighed();
        long events = 0;
        long facts = 0;
        long factGarbage = 0;
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long began = threads.getCurrentThreadCpuTime();
        for (Happening one : happenings) {
            if (one instanceof Happening.Flowed flowed) {
                five.observe(flowed.event(), counted);
                events++;
            } else if (one instanceof Happening.Told told) {
                long then = threads.getCurrentThreadAllocatedBytes();
                five.told(told.event(), counted);
                factGarbage += threads.getCurrentThreadAllocatedBytes() - then;
                facts++;
            }
        }
        long took = threads.getCurrentThreadCpuTime() - began;
        long garbage = threads.getCurrentThreadAllocatedBytes() - allocated - factGarbage;
        System.out.printf(
                "%s: %d events and %d facts, %.0f ns of CPU and %.1f bytes of garbage for each event, %.1f of"
                        + " each fact; weighed %.1f %%, findings told %d%n",
                name,
                events,
                facts,
                (double) took / events,
                (double) garbage / events,
                (double) factGarbage / facts,
                100.0 * (five.weighed() - weighed) / events,
                findings[0]);
    }
}
