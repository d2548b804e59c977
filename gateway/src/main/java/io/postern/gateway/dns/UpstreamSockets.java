package io.postern.gateway.dns;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.postern.dns.forward.Carrier;
import io.postern.dns.forward.Inquiry;
import io.postern.dns.forward.Inquiry.Step;
import io.postern.dns.forward.Server.Carriage;
import io.postern.gateway.dns.secure.SecureServers;
import io.postern.gateway.open.Dialer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Carries questions to servers: by UDP and TCP each has a socket for itself, inside TLS they share connections.
 */
public final class UpstreamSockets implements Carrier {

    private final EventLoopGroup loops;
    private final Dialer.Sockets streams;
    private final SecureServers secure;
    private final List<OfLoop> each = new ArrayList<>();
    private final LongAdder open = new LongAdder();

    /** A loop and what it asks by. */
    private record OfLoop(EventLoop loop, UdpPorts ports) {}

    /** @param spoilt counts sockets that were closed for what came when nobody had asked */
    public UpstreamSockets(
            EventLoopGroup loops,
            UdpSockets datagrams,
            Dialer.Sockets streams,
            SecureServers secure,
            LongAdder spoilt) {
        this.loops = loops;
        this.streams = streams;
        this.secure = secure;
        UdpPorts.Counts counts = new UdpPorts.Counts(open, spoilt);
        for (EventExecutor loop : loops) {
            each.add(new OfLoop((EventLoop) loop, new UdpPorts((EventLoop) loop, datagrams, counts)));
        }
    }

    @Override
    public void carry(Inquiry inquiry, Consumer<Step.Done> done) {
        for (OfLoop one : each) {
            // Waking another thread costs more than the rest of it.
            if (one.loop.inEventLoop()) {
                begin(one, inquiry, done);
                return;
            }
        }
        EventLoop next = loops.next();
        for (OfLoop one : each) {
            if (one.loop == next) {
                next.execute(() -> begin(one, inquiry, done));
                return;
            }
        }
        throw new IllegalStateException("the group has a loop that it did not show");
    }

    private void begin(OfLoop one, Inquiry inquiry, Consumer<Step.Done> done) {
        new Race(one.loop, (loop, send, told) -> attempt(one, send, told), done).begin(inquiry);
    }

    private Attempt attempt(OfLoop one, Step.Send send, Attempt.Told told) {
        if (send.server().carriage() != Carriage.PLAIN) {
            return new SecureAttempt(one.loop, secure, send, told);
        }
        return send.tcp()
                ? new PlainAttempt(one.loop, streams, send, told)
                : new UdpAttempt(one.loop, one.ports, send, told);
    }

    /** Sockets for datagrams to servers that are open: for a gauge. */
    long open() {
        return open.sum();
    }
}
