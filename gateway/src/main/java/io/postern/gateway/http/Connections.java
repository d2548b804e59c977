package io.postern.gateway.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import io.postern.gateway.flows.Source;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * All connections of one event loop, oldest first: none lives longer than its time, whatever it does or does not send
 * or read. When there are too many one makes room that has not shown who it is, the oldest of the address that has most
 * of them; where all are known the new one goes. So nobody who shows nothing ends what somebody known has begun.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A close that fails has nobody to tell: the channel is gone either way.
@Sharable
public final class Connections extends ChannelInboundHandlerAdapter {
    private final Most most;
    private final Duration life;
    private final LongAdder crowdedOut;

    /** Touched by the one event loop only. */
    private final Map<Channel, Held> open = new LinkedHashMap<>();

    /** Those that stay as long as they like; whoever lets them bounds their number. */
    private final Set<Channel> kept = new HashSet<>();

    private Runnable whenEmpty = () -> {};

    /**
     * How many there may be.
     *
     * @param all together
     * @param ofAddress of one IPv4 address or IPv6 /64, known or not
     * @param ofKnown of one who is known
     */
    public record Most(int all, int ofAddress, int ofKnown) {}

    private static final class Held {
        private final Source from;
        private final Future<?> end;

        /** Empty until it is known. */
        private String whose = "";

        Held(Source from, Future<?> end) {
            this.from = from;
            this.end = end;
        }

        boolean unknown() {
            return whose.isEmpty();
        }
    }

    /** All may be of one. */
    public Connections(int max, Duration life) {
        this(new Most(max, max, max), life, new LongAdder());
    }

    /** @param crowdedOut counts those that ended for want of room */
    public Connections(Most most, Duration life, LongAdder crowdedOut) {
        this.most = most;
        this.life = life;
        this.crowdedOut = crowdedOut;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        // Whoever has reset it already has no address any more.
        if (!(context.channel().remoteAddress() instanceof InetSocketAddress address)) {
            context.close();
            return;
        }
        Source from = Source.of(address.getAddress());
        if (!makeRoom(from)) {
            context.close();
            return;
        }
        Future<?> end = context.executor().schedule(() -> context.close(), life.toMillis(), TimeUnit.MILLISECONDS);
        open.put(context.channel(), new Held(from, end));
        context.fireChannelActive();
    }

    private boolean makeRoom(Source from) {
        Optional<Source> full = Optional.empty();
        if (count(held -> held.from.equals(from)) >= most.ofAddress) {
            full = Optional.of(from);
        } else if (open.size() >= most.all) {
            full = fullest();
        } else {
            return true;
        }
        crowdedOut.increment();
        Optional<Channel> oldest = full.flatMap(this::oldestUnknown);
        oldest.ifPresent(Channel::close);
        return oldest.isPresent();
    }

    private Optional<Source> fullest() {
        return open.values().stream()
                .filter(Held::unknown)
                .collect(Collectors.groupingBy(held -> held.from, LinkedHashMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey);
    }

    private Optional<Channel> oldestUnknown(Source from) {
        return open.entrySet().stream()
                .filter(one -> one.getValue().unknown() && one.getValue().from.equals(from))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private long count(Predicate<Held> which) {
        return open.values().stream().filter(which).count();
    }

    /**
     * It has shown who it is: nobody else's makes it end from now on.
     *
     * @return false when as many as may be are theirs already
     */
    boolean know(Channel channel, String whose) {
        if (count(held -> held.whose.equals(whose)) >= most.ofKnown) {
            crowdedOut.increment();
            return false;
        }
        Held held = open.get(channel);
        if (held != null) {
            held.whose = whose;
        }
        return true;
    }

    /** A body had no room. */
    void crowded() {
        crowdedOut.increment();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        release(context.channel());
        kept.remove(context.channel());
        if (empty()) {
            whenEmpty.run();
        }
        context.fireChannelInactive();
    }

    /** This one is a stream from now on: its time does not end, and it makes no room for others. */
    public void keep(Channel channel) {
        release(channel);
        kept.add(channel);
    }

    private void release(Channel channel) {
        Held held = open.remove(channel);
        if (held != null) {
            held.end.cancel(false);
        }
    }

    private boolean empty() {
        return open.isEmpty() && kept.isEmpty();
    }

    /** Runs this once nobody is connected, which may be now. On the event loop. */
    void whenEmpty(Runnable action) {
        whenEmpty = action;
        if (empty()) {
            action.run();
        }
    }
}
