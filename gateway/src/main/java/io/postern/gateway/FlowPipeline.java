package io.postern.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.postern.gateway.dns.TakenDns;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.ingress.Clients;
import io.postern.gateway.ingress.IngressHandler;
import io.postern.gateway.ingress.ListenerHello;
import io.postern.gateway.ingress.OverloadAction;
import io.postern.gateway.judge.JudgeHandler;
import io.postern.gateway.judge.Verdicts;
import io.postern.gateway.open.Dialer;
import io.postern.gateway.open.OpenHandler;
import io.postern.gateway.open.Targets;
import io.postern.gateway.recognise.Sniffers;
import io.postern.gateway.recognise.Taps;
import io.postern.gateway.relay.RelayHandler;
import io.postern.gateway.relay.RelayMemory;
import io.postern.gateway.sniff.SniffHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Function;

/**
 * The life of one TCP flow, top to bottom.
 *
 * <pre>
 * accept                                                    to port 53, where that is taken: a question? → its answer
 *   ingress   whose is it, where to?   bytes    → Tagged
 *   open      may it be dialled?       Tagged   → Opened     resolve, judge, dial, answer the client
 *   sniff     what does it speak?      Opened   → Sniffed
 *   judge     may it go on?            Sniffed  → Judged
 *   relay     move the bytes           Judged   → close      taps go on watching: exchanges, STARTTLS, WebSocket
 * </pre>
 *
 * Each stage takes the type the stage above hands down, hands down its own once, and leaves the pipeline; only relay
 * stays. All run on the flow's event loop, the upstream's too, and none may block. What a stage learns it tells the
 * {@code LiveFlow}; whichever stage ends the flow, its record is written and its counters are counted in one place.
 */
final class FlowPipeline extends ChannelInitializer<SocketChannel> {

    /** What the stages need; one instance serves all flows of a listener. */
    record Parts(
            Clients clients,
            Optional<Function<SocketChannel, SslHandler>> tls,
            Optional<TakenDns> dns,
            IngressHandler.Shared ingress,
            Targets targets,
            Dialer dialer,
            long openNanos,
            Sniffers sniffers,
            Taps taps,
            MemoryBudget sniffMemory,
            SniffHandler.Times sniffTimes,
            Verdicts verdicts,
            RelayHandler.Times relayTimes,
            RelayMemory relayMemory) {}

    private final Parts parts;

    FlowPipeline(Parts parts) {
        this.parts = parts;
    }

    @Override
    protected void initChannel(SocketChannel client) {
        Optional<InetAddress> from = source(client);
        if (from.isEmpty()) {
            client.close();
            return;
        }
        InetAddress source = from.get();
        if (!parts.clients.enter(source)) {
            parts.ingress.events().overloaded(OverloadAction.CLOSE_CLIENT);
            client.close();
            return;
        }
        client.closeFuture().addListener(closed -> parts.clients.leave(source));
        parts.tls.ifPresent(
                tls -> client.pipeline().addLast("hello", new ListenerHello()).addLast("tls", tls.apply(client)));
        Runnable flow = () -> addStages(client.pipeline(), IngressHandler.of(parts.ingress));
        Optional<TakenDns> dns = parts.dns.filter(taken -> taken.mayTake(client));
        if (dns.isPresent()) {
            dns.get().look(client, flow);
        } else {
            flow.run();
        }
    }

    /** Empty when the client has gone already: its socket then knows no other end. */
    static Optional<InetAddress> source(SocketChannel client) {
        return Optional.ofNullable(client.remoteAddress()).map(InetSocketAddress::getAddress);
    }

    private void addStages(ChannelPipeline pipeline, IngressHandler ingress) {
        pipeline.addLast("ingress", ingress)
                .addLast("open", new OpenHandler(parts.targets, parts.dialer, parts.sniffMemory, parts.openNanos))
                .addLast("sniff", new SniffHandler(parts.sniffers, parts.taps, parts.sniffMemory, parts.sniffTimes))
                .addLast("judge", new JudgeHandler(parts.verdicts))
                .addLast(
                        "relay",
                        new RelayHandler(
                                parts.relayTimes, parts.relayMemory, parts.ingress.forwarding(), this::startOver));
    }

    /** A connection that carries plain HTTP may ask for another flow: the same life from the top. */
    private void startOver(ChannelHandlerContext last, ByteBuf request) {
        ChannelPipeline pipeline = last.pipeline();
        ChannelHandlerContext tls = pipeline.context(SslHandler.class);
        pipeline.remove(last.handler());
        addStages(pipeline, IngressHandler.again(parts.ingress));
        if (!request.isReadable()) {
            request.release();
        } else if (tls == null) {
            pipeline.fireChannelRead(request);
        } else {
            tls.fireChannelRead(request);
        }
    }
}
