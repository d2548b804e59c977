package io.postern.bench;

import com.sun.management.ThreadMXBean;
import io.postern.analytics.DeviceState;
import io.postern.analytics.attack.FiveAnalytics;
import io.postern.analytics.attack.SelfTaught;
import io.postern.analytics.attack.Settings;
import io.postern.analytics.baseline.BaselineSettings;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.fleet.Fleet;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.Protocol;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * All five with their baselines over many devices for many hours, until each holds a thousand pairs of app and destination,
 * and some hours after that: what an event costs when nothing is in cache, what the heap comes to, whether anything goes over
 * its bound. Events are made beforehand in portions, so that only the analytics run while the clock does.
 */
public final class FiveSoak {

    private static final int APPS = 40;
    private static final int DESTINATIONS = 25;
    private static final int KEYS = APPS * DESTINATIONS;
    /** Flows of a device in an hour: a thousand keys take ten. */
    private static final int FLOWS = 100;

    private static final int PORTION = 200;
    private static final long START = 1_795_000_000_000L;
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final SelfTaught taught = new SelfTaught(Settings.DEFAULTS, BaselineSettings.DEFAULTS, Fleet.roles());
    private final FiveAnalytics five = taught.five();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Random random = new Random(1);
    private final int devices;
    private final String[] apps = new String[APPS];
    private final Destination[] destinations = new Destination[KEYS];
    private long findings;
    private long took;
    private long garbage;
    private long events;

    private FiveSoak(int devices) {
        this.devices = devices;
        for (int i = 0; i < KEYS; i++) {
            apps[i % APPS] = "com.example.app" + i % APPS;
            destinations[i] = new Destination(
                    "api" + i % 7 + ".service.example" + i / 3 + ".com", "example" + i / 3 + ".com", "", 443);
        }
    }

    public static void main(String[] args) {
        int devices = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        int hours = args.length > 1 ? Integer.parseInt(args[1]) : 13;
        FiveSoak soak = new FiveSoak(devices);
        for (int hour = 0; hour < hours; hour++) {
            soak.play(hour);
        }
        soak.state();
    }

    private void play(int hour) {
        took = 0;
        garbage = 0;
        events = 0;
        for (int flow = 0; flow < FLOWS; flow += 10) {
            for (int device = 0; device < devices; device += PORTION) {
                portion(hour, flow, device);
            }
        }
        System.out.printf(
                "hour %d: %d events, %.0f ns of CPU and %.1f bytes of garbage each, what is learnt of them between included;"
                        + " weighed %d, findings told %d%n",
                hour, events, (double) took / events, (double) garbage / events, five.weighed(), findings);
    }

    /** Ten flows of each of some devices, a flow of each in turn: none is in cache when its turn comes. */
    private void portion(int hour, int first, int device) {
        int last = Math.min(devices, device + PORTION);
        List<FlowEvent> some = new ArrayList<>();
        for (int i = first; i < first + 10; i++) {
            for (int each = device; each < last; each++) {
                int key = hour * FLOWS < KEYS ? hour * FLOWS + i : random.nextInt(KEYS);
                flow(some, each, key, START + hour * HOUR + i * HOUR / FLOWS + each);
            }
        }
        if (hour == 0 && first == 0) {
            for (int each = device; each < last; each++) {
                tell("device-" + each);
            }
        }
        Consumer<Finding> counted = finding -> findings++;
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long began = threads.getCurrentThreadCpuTime();
        for (FlowEvent event : some) {
            taught.observe(event, counted);
        }
        took += threads.getCurrentThreadCpuTime() - began;
        garbage += threads.getCurrentThreadAllocatedBytes() - allocated;
        events += some.size();
    }

    private void flow(List<FlowEvent> some, int device, int key, long at) {
        String id = "device-" + device;
        Destination to = destinations[key];
        Flow flow = new Flow(
                id + '-' + key + '-' + at,
                new AppTag(id, "0", apps[key % APPS], DeviceAssurance.TAG_VERIFIED, AppAssurance.AGENT_REPORTED),
                at,
                Flow.Transport.TCP,
                to,
                Protocol.TLS,
                Basis.BYTES,
                Set.of("generic-https"),
                Optional.of(new Flow.TlsShape(to.name(), false, "h2", "t13d1516h2_8daaf6152771_b0da82dd1658")),
                Optional.empty());
        some.add(new FlowEvent.Opened(flow, at));
        some.add(new FlowEvent.Exchanged(flow, at + 50, 400 + random.nextInt(800), 900 + random.nextInt(9_000)));
        some.add(new FlowEvent.Closed(flow, at + 400, 1_800, 12_000, FlowEvent.Outcome.CARRIED));
    }

    /** A locked device whose agent is alive. */
    private void tell(String device) {
        tell(device, new ContextEvent.Heartbeat(EnumSet.of(FactKind.LOCK, FactKind.APP_STATE)));
        tell(device, new ContextEvent.Locked(true));
    }

    private void tell(String device, ContextEvent.Said said) {
        taught.told(
                new ContextEvent(device + said, START, device, "0", Optional.empty(), said, "agent", false),
                finding -> findings++);
    }

    private void state() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long keys = 0;
        long evicted = 0;
        for (int device = 0; device < devices; device++) {
            Optional<DeviceState> state = five.state("device-" + device);
            keys += state.map(DeviceState::keys).orElse(0);
            evicted += state.map(DeviceState::evicted).orElse(0L);
        }
        long collecting = 0;
        for (GarbageCollectorMXBean each : ManagementFactory.getGarbageCollectorMXBeans()) {
            collecting += each.getCollectionTime();
        }
        System.out.printf(
                "devices %d, keys %d, heap %.2f GiB, %.1f bytes a key with all that is learnt; keys evicted %d, %d s of"
                        + " collecting%n",
                devices,
                keys,
                used / (double) (1L << 30),
                (double) used / keys,
                evicted,
                Duration.ofMillis(collecting).toSeconds());
    }
}
