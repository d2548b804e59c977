package io.postern.gateway.dns;

import io.netty.channel.EventLoop;
import io.postern.dns.forward.Server;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket, and who asks by it. One question at a time has it, so that a guess can hit no other. For its loop.
 *
 * <pre>
 * opened → asked → answered, nothing else came → idle → asked ...
 *                → anything else               → closed
 *                                         idle → anything comes → closed
 * </pre>
 */
final class UdpPort implements UdpSocket.Receiver {

    private static final Logger LOG = LoggerFactory.getLogger(UdpPort.class);

    private final UdpPorts ports;
    private final EventLoop loop;
    private final Server server;
    private final UdpSocket socket;
    private final long openedAt;
    private Attempt.@Nullable Told asker;
    private int questions;
    private int received;

    /**
     * @param openedAt of {@code System.nanoTime}
     * @throws io.netty.channel.ChannelException when there is no socket to be had
     */
    UdpPort(UdpPorts ports, EventLoop loop, Server server, UdpSockets sockets, long openedAt) {
        this.ports = ports;
        this.loop = loop;
        this.server = server;
        this.openedAt = openedAt;
        socket = sockets.open(loop, server.address(), this);
    }

    /** Only of one that nobody has. */
    void ask(byte[] message, Attempt.Told by) {
        asker = by;
        received = 0;
        questions++;
        socket.send(message);
    }

    /**
     * Whoever asked waits no more.
     *
     * @param answered whether because this was the answer
     */
    void leave(boolean answered) {
        asker = null;
        if (answered && received == 1) {
            ports.giveBack(this);
        } else {
            // What still comes for that question would be taken for a guess at the next one.
            close();
        }
    }

    /** For how many questions it was used. */
    int questions() {
        return questions;
    }

    long openedAt() {
        return openedAt;
    }

    Server server() {
        return server;
    }

    void close() {
        socket.close();
    }

    @Override
    public void received(byte[] message) {
        received++;
        if (asker == null) {
            // Nobody asked: a second answer, or a guess. Its port is known to whoever sent that.
            ports.spoilt(this);
        } else {
            asker.received(message);
        }
    }

    @Override
    public void unreachable() {
        Attempt.@Nullable Told by = asker;
        if (by == null) {
            close();
        } else {
            // Not at once: the caller has not finished its own step.
            loop.execute(by::unreachable);
        }
    }

    @Override
    public void failed(Throwable cause) {
        LOG.debug("server {} by udp: {}", server, cause.toString());
        Attempt.@Nullable Told by = asker;
        if (by == null) {
            close();
        } else {
            loop.execute(by::failed);
        }
    }

    @Override
    public void closed() {
        ports.gone(this);
        Attempt.@Nullable Told by = asker;
        if (by != null) {
            loop.execute(by::failed);
        }
    }
}
