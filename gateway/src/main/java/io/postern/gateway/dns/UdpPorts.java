package io.postern.gateway.dns;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.postern.dns.forward.Server;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that a loop asks servers by. A question gets one for itself: a fresh one on a random port, or, once so many
 * are idle that nobody can tell which it will be, one of those by lot. Nobody finds the port of a socket by the time it is
 * closed: after {@value #SECONDS} s, {@value #QUESTIONS} questions, or the first datagram that nobody asked for.
 *
 * <p>At most {@value #MOST} idle for each server. For its loop; the numbers may be read by any thread.
 */
final class UdpPorts {

    /** Idle ones that a lot is drawn among: fewer would be worth more to guess at than a fresh one (decision 14). */
    static final int LEAST = 128;

    static final int MOST = 256;
    static final int QUESTIONS = 64;
    static final int SECONDS = 10;

    private static final long AGE = TimeUnit.SECONDS.toNanos(SECONDS);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** What all loops count together. */
    record Counts(LongAdder open, LongAdder spoilt) {}

    private final EventLoop loop;
    private final UdpSockets sockets;
    private final Counts counts;
    private final Map<Server, List<UdpPort>> idle = new HashMap<>();
    private @Nullable Future<?> sweep;

    UdpPorts(EventLoop loop, UdpSockets sockets, Counts counts) {
        this.loop = loop;
        this.sockets = sockets;
        this.counts = counts;
    }

    /**
     * One that nobody has.
     *
     * @throws io.netty.channel.ChannelException when there is no socket to be had
     */
    UdpPort take(Server server) {
        List<UdpPort> there = idle.computeIfAbsent(server, fresh -> new ArrayList<>());
        long now = System.nanoTime();
        while (there.size() >= LEAST) {
            UdpPort drawn = remove(there, RANDOM.nextInt(there.size()));
            if (fresh(drawn, now)) {
                return drawn;
            }
            drawn.close();
        }
        UdpPort port = new UdpPort(this, loop, server, sockets, now);
        counts.open.increment();
        return port;
    }

    /** Their order means nothing. */
    private static UdpPort remove(List<UdpPort> there, int place) {
        UdpPort last = there.remove(there.size() - 1);
        return place == there.size() ? last : there.set(place, last);
    }

    private static boolean fresh(UdpPort port, long now) {
        return now - port.openedAt() < AGE;
    }

    void giveBack(UdpPort port) {
        List<UdpPort> there = idle.computeIfAbsent(port.server(), fresh -> new ArrayList<>());
        if (there.size() < MOST && port.questions() < QUESTIONS && fresh(port, System.nanoTime())) {
            there.add(port);
            sweepSoon();
        } else {
            port.close();
        }
    }

    private void sweepSoon() {
        if (sweep == null) {
            sweep = loop.schedule(this::sweep, SECONDS, TimeUnit.SECONDS);
        }
    }

    private void sweep() {
        sweep = null;
        long now = System.nanoTime();
        for (List<UdpPort> there : idle.values()) {
            for (int place = there.size() - 1; place >= 0; place--) {
                if (!fresh(there.get(place), now)) {
                    remove(there, place).close();
                }
            }
        }
        if (idle.values().stream().anyMatch(there -> !there.isEmpty())) {
            sweepSoon();
        }
    }

    /** Somebody else than the server may know its port. */
    void spoilt(UdpPort port) {
        counts.spoilt.increment();
        port.close();
    }

    /** It has been closed, by whomever. */
    void gone(UdpPort port) {
        counts.open.decrement();
        List<UdpPort> there = idle.getOrDefault(port.server(), List.of());
        int place = there.indexOf(port);
        if (place >= 0) {
            remove(there, place);
        }
    }
}
