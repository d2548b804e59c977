package io.postern.gateway.flows;

import io.netty.channel.EventLoop;
import io.postern.analytics.flow.AppTag;
import io.postern.config.ListenSettings;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.Transport;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

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
    private final Throttles throttles = new Throttles();
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

    /** Whose share a flow is taken from: its device's, or its {@link Source}'s where it has none. */
    public static Object holder(AppTag tag, InetSocketAddress client) {
        return tag.attributed() ? tag.device() : Source.of(client.getAddress());
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
        homes.values().forEach(home -> home.loop.execute(() -> home.walk(List.copyOf(home.flows), look, () -> {})));
    }

    /**
     * As above, and then once more at those that the first look says yes of, for what takes longer and must not keep the others
     * waiting for the first look. Those that moved bytes last come first: of these most may still be on their way.
     */
    public void each(Predicate<LiveFlow> first, Consumer<LiveFlow> then) {
        homes.values()
                .forEach(home -> home.loop.execute(() -> {
                    List<LiveFlow> found = new ArrayList<>();
                    home.walk(
                            List.copyOf(home.flows),
                            flow -> {
                                if (first.test(flow)) {
                                    found.add(flow);
                                }
                            },
                            () -> {
                                found.sort(Comparator.comparingLong((LiveFlow flow) ->
                                                flow.traffic().lastMoved())
                                        .reversed());
                                home.walk(found, then, () -> {});
                            });
                }));
    }

    /** No flow begins from here on, and those that live end as soon as they can. */
    public void drain() {
        draining = true;
        each(LiveFlow::drain);
    }

    /** Ends every live flow; done when all have said their last words. */
    public CompletableFuture<Void> stop(CloseReason why) {
        return stop(any -> true, why);
    }

    /** The same of some. */
    public CompletableFuture<Void> stop(Predicate<LiveFlow> which, CloseReason why) {
        return CompletableFuture.allOf(homes.values().stream()
                .map(home -> CompletableFuture.runAsync(
                        () -> List.copyOf(home.flows).stream().filter(which).forEach(flow -> flow.stop(why)),
                        home.loop))
                .toArray(CompletableFuture<?>[]::new));
    }

    /**
     * What one loop has found out about its flows. Made on any thread, used on the loop only; must not end flows.
     *
     * @param <T> what it comes to
     */
    public interface Look<T> {

        /** Takes in one flow that lives; it may have ended before {@link #found}. */
        void at(LiveFlow flow);

        T found();
    }

    /** Has every loop look at its own flows as {@link #each} does; what they found in no order. */
    public <T> CompletableFuture<List<T>> gather(Supplier<? extends Look<T>> looks) {
        CompletableFuture<List<T>> all = CompletableFuture.completedFuture(List.of());
        for (Home home : homes.values()) {
            CompletableFuture<T> part = new CompletableFuture<>();
            Look<T> look = looks.get();
            home.soon(part, () -> home.gather(List.copyOf(home.flows), look, part));
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

    /** Of what is slowed down. */
    public Throttles throttles() {
        return throttles;
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
                ListenSettings listener,
                Transport transport,
                InetSocketAddress client,
                AppTag tag,
                Destination destination) {
            Object holder = holder(tag, client);
            if (draining || !perHolder.take(holder)) {
                return Optional.empty();
            }
            LiveFlow flow = new LiveFlow(this, listener, transport, client, holder, tag, destination);
            flow.index = flows.size();
            flows.add(flow);
            live.incrementAndGet();
            witness.opened(flow);
            return Optional.of(flow);
        }

        public LoopClock clock() {
            return clock;
        }

        private void walk(List<LiveFlow> rest, Consumer<LiveFlow> look, Runnable done) {
            int now = Math.min(rest.size(), AT_A_TIME);
            rest.subList(0, now).forEach(flow -> flow.guarded(() -> look.accept(flow)));
            if (now < rest.size()) {
                loop.execute(() -> walk(rest.subList(now, rest.size()), look, done));
            } else {
                done.run();
            }
        }

        private <T> void gather(List<LiveFlow> rest, Look<T> look, CompletableFuture<T> part) {
            int now = Math.min(rest.size(), AT_A_TIME);
            rest.subList(0, now).stream().filter(LiveFlow::live).forEach(look::at);
            if (now < rest.size()) {
                soon(part, () -> gather(rest.subList(now, rest.size()), look, part));
            } else {
                part.complete(look.found());
            }
        }

        /** Whoever waits for the part learns of a fault, and of a loop that takes nothing any more. */
        private void soon(CompletableFuture<?> part, Runnable step) {
            try {
                loop.execute(() -> {
                    try {
                        step.run();
                    } catch (RuntimeException fault) {
                        part.completeExceptionally(fault);
                    }
                });
            } catch (RejectedExecutionException stopping) {
                part.completeExceptionally(stopping);
            }
        }

        EventLoop loop() {
            return loop;
        }

        boolean draining() {
            return draining;
        }

        long wallMillis() {
            return wall.millis();
        }

        Witness witness() {
            return witness;
        }

        Throttles throttles() {
            return throttles;
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
