package io.postern.gateway.flows;

import io.netty.channel.EventLoop;
import io.postern.analytics.flow.AppTag;
import io.postern.config.ListenSettings;
import io.postern.gateway.records.CloseReason;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The registry of live flows: one table per event loop, touched only by that loop, so a flow costs no lock.
 *
 * <p>Whoever wants something of all flows ({@link #each}) has it done by their own loops.
 */
public final class Flows {

    /** Half a millisecond of judging. */
    private static final int AT_A_TIME = 512;

    private final Clock wall;
    private final Witness witness;
    private final Map<EventLoop, Home> homes = new ConcurrentHashMap<>();
    private final Shares<Object> perHolder;
    private final AtomicInteger live = new AtomicInteger();
    private volatile boolean draining;

    /**
     * @param maxPerDevice live flows of one device; of those that have none, of one {@link Source}
     */
    public Flows(int maxPerDevice, Clock wall, Witness witness) {
        this.perHolder = new Shares<>(maxPerDevice);
        this.wall = wall;
        this.witness = witness;
    }

    /** The part of the registry that belongs to this loop. Call on that loop. */
    public Home on(EventLoop loop) {
        Home home = homes.get(loop);
        return home != null ? home : homes.computeIfAbsent(loop, Home::new);
    }

    /**
     * Has every live flow looked at by its own loop, soon: some at a time, so that those whose bytes have come in the
     * meantime do not wait for all. A flow may have ended when it is looked at.
     */
    public void each(Consumer<LiveFlow> look) {
        homes.values().forEach(home -> home.loop.execute(() -> home.walk(List.copyOf(home.flows), look)));
    }

    /** No flow begins from here on, and those that live end as soon as they can. */
    public void drain() {
        draining = true;
        each(LiveFlow::drain);
    }

    /** Ends every live flow; done when all have said their last words. */
    public CompletableFuture<Void> stop(CloseReason why) {
        return CompletableFuture.allOf(homes.values().stream()
                .map(home -> CompletableFuture.runAsync(
                        () -> List.copyOf(home.flows).forEach(flow -> flow.stop(why)), home.loop))
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Has every loop look at its own flows, soon; its answers in no order. The flows must not be ended by it. */
    public <T> CompletableFuture<List<T>> gather(Function<List<LiveFlow>, T> look) {
        CompletableFuture<List<T>> all = CompletableFuture.completedFuture(List.of());
        for (Home home : homes.values()) {
            CompletableFuture<T> part = CompletableFuture.supplyAsync(
                    () -> look.apply(Collections.unmodifiableList(home.flows)), home.loop);
            all = all.thenCombine(part, (before, answer) -> {
                List<T> more = new ArrayList<>(before);
                more.add(answer);
                return more;
            });
        }
        return all;
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

        /** Registers a flow; empty when its device already has as many as it may, or the gateway is to stop. */
        public Optional<LiveFlow> open(
                ListenSettings listener, InetSocketAddress client, AppTag tag, Destination destination) {
            Object holder = tag.attributed() ? tag.device() : Source.of(client.getAddress());
            if (draining || !perHolder.take(holder)) {
                return Optional.empty();
            }
            LiveFlow flow = new LiveFlow(this, listener, client, holder, tag, destination);
            flow.index = flows.size();
            flows.add(flow);
            live.incrementAndGet();
            witness.opened(flow);
            return Optional.of(flow);
        }

        public LoopClock clock() {
            return clock;
        }

        private void walk(List<LiveFlow> rest, Consumer<LiveFlow> look) {
            int now = Math.min(rest.size(), AT_A_TIME);
            rest.subList(0, now).forEach(flow -> flow.guarded(() -> look.accept(flow)));
            if (now < rest.size()) {
                loop.execute(() -> walk(rest.subList(now, rest.size()), look));
            }
        }

        EventLoop loop() {
            return loop;
        }

        long wallMillis() {
            return wall.millis();
        }

        Witness witness() {
            return witness;
        }

        void ended(LiveFlow flow) {
            LiveFlow last = flows.remove(flows.size() - 1);
            if (last != flow) {
                flows.set(flow.index, last);
                last.index = flow.index;
            }
            live.decrementAndGet();
            perHolder.giveBack(flow.holder());
            witness.ended(flow);
        }
    }
}
