package io.postern.bench;

import com.sun.management.ThreadMXBean;
import io.postern.analytics.DeviceState;
import io.postern.analytics.StateLimits;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextLimits;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.instrument.Usual;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/**
 * What it takes to remember many devices: bytes for each app and destination, time and garbage for each event, and what a
 * flood of destinations does. Every device has the same 40 apps with 25 destinations each; each is told of anew, so memory
 * is shared by nothing but the names of apps. Events are made beforehand, and come to devices and keys at random.
 */
public final class DeviceStates {

    private static final int APPS = 40;
    private static final int DESTINATIONS = 25;
    private static final int KEYS = APPS * DESTINATIONS;
    private static final int FLOODED_EVERY = 10;
    private static final int FLOOD = 5_000;
    private static final long START = 1_795_000_000_000L;
    private static final long HOUR = 3_600_000;
    private static final StateLimits LIMITS =
            new StateLimits(1024, 256, 256, 16, Duration.ofMinutes(5), 42, ContextLimits.DEFAULTS);

    private final DeviceState[] states;
    private final List<Flow> flows = new ArrayList<>(KEYS);
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Random random = new Random(1);

    private DeviceStates(int devices) {
        states = new DeviceState[devices];
        for (int i = 0; i < KEYS; i++) {
            flows.add(flow("com.example.app" + i % APPS, host(i), "example" + i / 3 + ".com"));
        }
    }

    public static void main(String[] args) {
        int devices = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        DeviceStates bench = new DeviceStates(devices);
        long before = used();
        bench.fill();
        long keys = bench.keys();
        System.out.printf("devices %d, keys %d%n", devices, keys);
        System.out.printf(
                "heap bytes per key %.1f (all that a device has, its context too)%n",
                (double) (used() - before) / keys);
        bench.steady("first", 1, 1);
        bench.steady("warm", 1, 2);
        bench.steady("each event of another device", 1, 4);
        bench.steady("a hundred events of one device", 100, 4);
        System.out.printf("heap bytes per key then %.1f%n", (double) (used() - before) / bench.keys());
        bench.flood();
        System.out.printf("heap bytes per key after floods %.1f%n", (double) (used() - before) / bench.keys());
    }

    private void fill() {
        for (int device = 0; device < states.length; device++) {
            DeviceState state = new DeviceState(LIMITS, Usual.UNKNOWN);
            tell(state);
            for (Flow flow : flows) {
                state.observe(new FlowEvent.Opened(flow, START));
            }
            states[device] = state;
        }
    }

    /** A locked device whose agent is alive, and what ten of its apps did. */
    private static void tell(DeviceState state) {
        tell(state, Optional.empty(), new ContextEvent.Heartbeat(EnumSet.of(FactKind.LOCK, FactKind.APP_STATE)));
        tell(state, Optional.empty(), new ContextEvent.Locked(true));
        for (int i = 0; i < 10; i++) {
            Optional<ContextEvent.App> app = Optional.of(
                    new ContextEvent.App("com.example.app" + i, OptionalLong.empty(), OptionalLong.empty()));
            tell(state, app, new ContextEvent.Lifecycle(ContextEvent.Lifecycle.State.BACKGROUND));
            tell(state, app, new ContextEvent.StartedInBackground(ContextEvent.StartedInBackground.Trigger.JOB));
        }
    }

    private static void tell(DeviceState state, Optional<ContextEvent.App> app, ContextEvent.Said said) {
        state.tell(new ContextEvent(said + "" + app, START, "d", "0", app, said, "agent", false));
    }

    /** Connects, exchanges and ends in equal parts; so many millions. */
    private void steady(String name, int together, int millions) {
        List<FlowEvent> events = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            Flow flow = flows.get(i);
            long at = START + 60_000 + i * 700L;
            events.add(new FlowEvent.Opened(flow, at));
            events.add(new FlowEvent.Exchanged(flow, at + 50, 400 + i, 900));
            events.add(new FlowEvent.Closed(flow, at + 400, 600 + i, 1500, FlowEvent.Outcome.CARRIED));
        }
        int most = millions * 1_000_000;
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long began = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < most; i += together) {
            DeviceState state = states[random.nextInt(states.length)];
            for (int j = 0; j < together; j++) {
                state.observe(events.get(random.nextInt(events.size())));
            }
        }
        long took = threads.getCurrentThreadCpuTime() - began;
        long garbage = threads.getCurrentThreadAllocatedBytes() - allocated;
        System.out.printf(
                "%s: %d events, %.0f ns of CPU and %.2f bytes of garbage each%n",
                name, most, (double) took / most, (double) garbage / most);
    }

    private void flood() {
        long events = 0;
        long took = 0;
        for (int device = 0; device < states.length; device += FLOODED_EVERY) {
            List<FlowEvent> flood = new ArrayList<>(FLOOD);
            for (int i = 0; i < FLOOD; i++) {
                String domain = "flood" + device + "-" + i + ".net";
                flood.add(new FlowEvent.Opened(flow("com.example.flood", domain, domain), START + 3 * HOUR + i));
            }
            long began = threads.getCurrentThreadCpuTime();
            for (FlowEvent event : flood) {
                states[device].observe(event);
            }
            took += threads.getCurrentThreadCpuTime() - began;
            events += FLOOD;
        }
        long evicted = 0;
        long recurrent = 0;
        long saturated = 0;
        for (DeviceState state : states) {
            evicted += state.evicted();
            recurrent += state.evictedRecurrent();
            saturated += state.evicted() > 0 ? 1 : 0;
        }
        System.out.printf(
                "flood: %d destinations on every tenth device, %.0f ns of CPU each; evicted %d, of which had come back %d; devices saturated %d%n",
                FLOOD, (double) took / events, evicted, recurrent, saturated);
    }

    private long keys() {
        long keys = 0;
        for (DeviceState state : states) {
            keys += state.keys();
        }
        return keys;
    }

    private static String host(int i) {
        return "api" + i % 7 + ".service.example" + i / 3 + ".com";
    }

    private static Flow flow(String app, String host, String domain) {
        return new Flow(
                "flow-" + app + host,
                new AppTag("d", "0", app, DeviceAssurance.TAG_VERIFIED, AppAssurance.AGENT_REPORTED),
                START,
                Flow.Transport.TCP,
                new Destination(host, domain, "", 443),
                Protocol.TLS,
                Basis.BYTES,
                Set.of("generic-https"),
                Optional.of(new Flow.TlsShape(host, false, "h2", "t13d1516h2_8daaf6152771_b0da82dd1658")),
                Optional.empty());
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
