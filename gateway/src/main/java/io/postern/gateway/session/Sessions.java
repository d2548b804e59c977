package io.postern.gateway.session;

import io.netty.channel.socket.DatagramChannel;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.flows.RateLimit;
import io.postern.gateway.judge.Verdicts;
import io.postern.gateway.meters.Counters;
import io.postern.gateway.open.Dialer;
import io.postern.gateway.open.Targets;
import io.postern.gateway.recognise.DatagramSniffers;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** What all sessions share, and how many there may be. Thread-safe. */
public final class Sessions {

    /**
     * The stages a session asks, each as a flow over a connection does.
     *
     * @param sockets that clients of SOCKS5 reach
     * @param far towards destinations
     * @param held charged for datagrams of sessions that are being opened
     */
    public record Parts(
            Targets targets,
            DatagramSockets sockets,
            FarSockets far,
            DatagramSniffers sniffers,
            Verdicts verdicts,
            MemoryBudget held,
            Counters<DatagramDrop> drops) {}

    /**
     * In nanoseconds.
     *
     * @param open for resolving
     * @param idle without a datagram, once something has come back
     * @param unanswered the same before
     */
    public record Times(long open, long idle, long unanswered) {}

    /**
     * @param amplification bytes that may come back for one, until the client has sent again after an answer
     * @param sessions at once, in all
     * @param newPerSecond sessions that one device may begin, or one source where it has none
     */
    public record Most(int amplification, int sessions, int newPerSecond) {}

    private final Parts parts;
    private final Times times;
    private final Most most;
    /**
     * Of each session that may begin, datagrams behind its first one that may begin a handshake: of an ordinary one a
     * second Initial, its acknowledgements, what is sent again.
     */
    private static final int HANDSHAKES = 8;

    private final RateLimit<Object> begins;
    private final RateLimit<Object> handshakes;
    private final AtomicInteger live = new AtomicInteger();

    public Sessions(Parts parts, Times times, Most most) {
        this.parts = parts;
        this.times = times;
        this.most = most;
        this.begins = new RateLimit<>(most.newPerSecond());
        this.handshakes =
                new RateLimit<>((int) Math.min(Integer.MAX_VALUE - 1, (long) HANDSHAKES * most.newPerSecond()));
    }

    Parts parts() {
        return parts;
    }

    /** For an address to be reached at. */
    DatagramChannel socket(InetSocketAddress address) {
        return parts.sockets().open(Dialer.family(address));
    }

    Times times() {
        return times;
    }

    /** While it equals what it was, what policy, a finding or a quarantine has refused of this device would be refused again. */
    Object standing(String device) {
        return parts.verdicts().standing(device);
    }

    int amplification() {
        return most.amplification();
    }

    void dropped(DatagramDrop why) {
        parts.drops().count(why);
    }

    /** Counts a session in; false when there is no room, and then it is not counted. */
    boolean enter() {
        if (live.incrementAndGet() <= most.sessions()) {
            return true;
        }
        live.decrementAndGet();
        return false;
    }

    /**
     * Whether this holder of flows ({@link io.postern.gateway.flows.Flows#holder}) may begin one more in this second.
     *
     * @param now nanoseconds
     */
    boolean mayBegin(Object holder, long now) {
        return begins.take(holder, now);
    }

    /** Whether this holder may, inside of its sessions, send one more datagram that may begin a handshake; as {@link #mayBegin}. */
    boolean mayHandshake(Object holder, long now) {
        return handshakes.take(holder, now);
    }

    void leave() {
        live.decrementAndGet();
    }

    /** Devices and sources that began any in the second when last one was begun. */
    public int beginners() {
        return begins.holders();
    }

    /** Sessions at the moment. */
    public int live() {
        return live.get();
    }
}
