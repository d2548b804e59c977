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
import io.postern.gateway.session.DatagramSockets;
import java.util.function.Consumer;

/**
 * Carries questions to servers: by UDP and TCP each has a socket of its own, inside TLS they share connections.
 */
public final class UpstreamSockets implements Carrier {

    private final EventLoopGroup loops;
    private final DatagramSockets datagrams;
    private final Dialer.Sockets streams;
    private final SecureServers secure;

    public UpstreamSockets(
            EventLoopGroup loops, DatagramSockets datagrams, Dialer.Sockets streams, SecureServers secure) {
        this.loops = loops;
        this.datagrams = datagrams;
        this.streams = streams;
        this.secure = secure;
    }

    @Override
    public void carry(Inquiry inquiry, Consumer<Step.Done> done) {
        for (EventExecutor each : loops) {
            // Waking another thread costs more than the rest of it.
            if (each.inEventLoop()) {
                new Race((EventLoop) each, this::attempt, done).begin(inquiry);
                return;
            }
        }
        EventLoop any = loops.next();
        any.execute(() -> new Race(any, this::attempt, done).begin(inquiry));
    }

    private Attempt attempt(EventLoop loop, Step.Send send, Attempt.Told told) {
        return send.server().carriage() == Carriage.PLAIN
                ? new PlainAttempt(loop, datagrams, streams, send, told)
                : new SecureAttempt(loop, secure, send, told);
    }
}
