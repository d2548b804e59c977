package io.postern.gateway.flows;

import io.netty.channel.EventLoop;
import io.postern.analytics.flow.AppTag;
import io.postern.config.ListenSettings;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The registry of live flows: one table per event loop, touched only by that loop, so a flow costs no lock.
 *
 * <p>Whoever wants something of all flows ({@link #each}) has it done by their own loops.
 */
public final class Flows {

    private final int maxPerDevice;
    private final Clock wall;
    private final Consumer<LiveFlow> opened;
    private final Consumer<LiveFlow> ended;
    private final Map<EventLoop, Home> homes = new ConcurrentHashMap<>();
    private final Map<String, Integer> perDevice = new ConcurrentHashMap<>();
    private final AtomicInteger live = new AtomicInteger();

    /**
     * @param maxPerDevice live flows of one device; unattributed flows count as one device
     * @param opened told once of every flow, on its loop, when it begins
     * @param ended told once of every flow, on its loop, when it has ended
     */
    public Flows(int maxPerDevice, Clock wall, Consumer<LiveFlow> opened, Consumer<LiveFlow> ended) {
        this.maxPerDevice = maxPerDevice;
        this.wall = wall;
        this.opened = opened;
        this.ended = ended;
    }

    /** The part of the registry that belongs to this loop. Call on that loop. */
    public Home on(EventLoop loop) {
        Home home = homes.get(loop);
        return home != null ? home : homes.computeIfAbsent(loop, Home::new);
    }

    /** Has every live flow looked at by its own loop, soon. */
    public void each(Consumer<LiveFlow> look) {
        homes.values()
                .forEach(home -> home.loop.execute(() -> List.copyOf(home.flows).forEach(look)));
    }

    public int live() {
        return live.get();
    }

    /** One loop's flows and deadlines. */
    public final class Home {

        private final EventLoop loop;
        private final LoopClock clock;
        private final List<LiveFlow> flows = new ArrayList<>();

        private Home(EventLoop loop) {
            this.loop = loop;
            this.clock = new LoopClock(loop);
        }

        /** Registers a flow; empty when its device already has as many as it may. */
        public Optional<LiveFlow> open(
                ListenSettings listener, InetSocketAddress client, AppTag tag, Destination destination) {
            if (!countIn(tag.device())) {
                return Optional.empty();
            }
            LiveFlow flow = new LiveFlow(this, listener, client, tag, destination);
            flow.index = flows.size();
            flows.add(flow);
            live.incrementAndGet();
            opened.accept(flow);
            return Optional.of(flow);
        }

        public LoopClock clock() {
            return clock;
        }

        EventLoop loop() {
            return loop;
        }

        long wallMillis() {
            return wall.millis();
        }

        void ended(LiveFlow flow) {
            LiveFlow last = flows.remove(flows.size() - 1);
            if (last != flow) {
                flows.set(flow.index, last);
                last.index = flow.index;
            }
            live.decrementAndGet();
            perDevice.computeIfPresent(flow.tag().device(), (device, count) -> count == 1 ? null : count - 1);
            ended.accept(flow);
        }
    }

    private boolean countIn(String device) {
        // Full devices keep their count: merge would have to be undone by the caller.
        boolean[] admitted = {true};
        perDevice.compute(device, (key, count) -> {
            int now = count == null ? 0 : count;
            admitted[0] = now < maxPerDevice;
            return admitted[0] ? Integer.valueOf(now + 1) : count;
        });
        return admitted[0];
    }
}
