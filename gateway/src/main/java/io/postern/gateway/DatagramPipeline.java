package io.postern.gateway;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.postern.config.GatewaySettings;
import io.postern.config.ListenSettings;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.ingress.Associations;
import io.postern.gateway.ingress.Entrance;
import io.postern.gateway.ingress.OverloadAction;
import io.postern.gateway.judge.Verdicts;
import io.postern.gateway.meters.Counters;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.open.Targets;
import io.postern.gateway.recognise.DatagramSniffers;
import io.postern.gateway.session.DatagramDrop;
import io.postern.gateway.session.FarSockets;
import io.postern.gateway.session.OwnResolver;
import io.postern.gateway.session.Sessions;
import io.postern.gateway.session.SocksAssociations;
import io.postern.gateway.session.TransparentDatagrams;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The life of one UDP session, top to bottom. It is that of a flow over a connection, with the same questions.
 *
 * <pre>
 * datagram
 *   ingress   whose is it, where to?    its association's tag, or its inner address; a session by both ends
 *   open      may it be sent there?     resolve, judge
 *   sniff     what does it speak?       by the first datagram, which is whole
 *   judge     may it go on?             once a session; no is to drop it, and all that follow
 *   relay     datagrams both ways       until none has come for a while
 * </pre>
 *
 * The stages are in {@code session.Session}, for a datagram is not handed down: it stays where it is until all is
 * answered. All run on the loop that the datagram came to, the far end's socket too.
 */
final class DatagramPipeline {

    private static final int HELD_PART = 4;

    private final Sessions sessions;
    private final GatewaySettings.Upstream upstream;
    private final List<TransparentDatagrams> receivers = new ArrayList<>();

    DatagramPipeline(
            GatewaySettings settings,
            Transports transports,
            Targets targets,
            Verdicts verdicts,
            Executor certificates,
            Counters<OverloadAction> overload,
            Meters meters) {
        GatewaySettings.Datagrams limits = settings.datagrams();
        upstream = settings.upstream();
        // Of its own, for what waits here must not keep flows over connections from being watched.
        MemoryBudget held = new MemoryBudget(
                settings.sniff().memory() / HELD_PART, () -> overload.count(OverloadAction.REFUSE_FLOW));
        // Handshakes that never become whole may use this up: then nobody is watched further, and nobody is refused.
        MemoryBudget watched = new MemoryBudget(
                settings.sniff().memory() / HELD_PART, () -> overload.count(OverloadAction.STOP_WATCHING));
        sessions = new Sessions(
                new Sessions.Parts(
                        targets,
                        transports.datagrams(),
                        // Where no datagrams are carried nothing is loaded for them.
                        settings.listeners().stream().anyMatch(ListenSettings::udp)
                                ? transports.far().get()
                                : FarSockets.through(transports.datagrams()),
                        new DatagramSniffers(watched, certificates),
                        verdicts,
                        held,
                        meters.datagramsDropped(DatagramDrop.class, DatagramDrop::label)),
                new Sessions.Times(
                        upstream.connectTimeout().toNanos(),
                        limits.idleTimeout().toNanos(),
                        limits.unansweredTimeout().toNanos()),
                new Sessions.Most(limits.amplification(), limits.sessions(), limits.newPerSecond()));
        meters.watch("postern.datagram.held.bytes", "Bytes of sessions that are being opened", held::held);
        meters.watch("postern.datagram.watched.bytes", "Bytes of handshakes in datagrams", watched::held);
        meters.watch("postern.datagram.sessions", "Sessions of UDP alive", sessions::live);
        meters.watch(
                "postern.datagram.beginners",
                "Devices and sources that have begun sessions of UDP in the second when last one was",
                sessions::beginners);
    }

    /** Where the clients of a SOCKS5 listener may send datagrams; empty where it carries none. */
    Optional<Associations> associations(ListenSettings listener, Entrance entrance) {
        return listener.udp() && listener.type() == ListenSettings.Ingress.SOCKS5
                ? Optional.of(new SocksAssociations(
                        sessions, entrance, upstream.idleTimeout().toNanos()))
                : Optional.empty();
    }

    /** Binds the address of a transparent listener on every loop; nothing is received yet. */
    void open(Entrance entrance, Optional<OwnResolver> resolver, InetSocketAddress address, EventLoopGroup loops)
            throws IOException {
        for (EventExecutor loop : loops) {
            TransparentDatagrams receiver =
                    TransparentDatagrams.open(sessions, entrance, resolver, address, (IoEventLoop) loop);
            receivers.add(receiver);
            if (!receiver.registered().awaitUninterruptibly().isSuccess()) {
                throw new IOException(
                        "a loop does not watch the socket",
                        receiver.registered().cause());
            }
        }
    }

    /** Receives from now on. */
    void accept() {
        receivers.forEach(TransparentDatagrams::accept);
    }

    void close() {
        receivers.forEach(TransparentDatagrams::close);
    }
}
