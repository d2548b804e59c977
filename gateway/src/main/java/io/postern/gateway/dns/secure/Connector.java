package io.postern.gateway.dns.secure;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.timeout.IdleStateHandler;
import io.postern.dns.forward.Server;
import io.postern.dns.forward.Server.Carriage;
import io.postern.gateway.open.Dialer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections inside TLS 1.2 and up to servers whose certificate is of their name, or of their address where they are
 * written as one (RFC 8310 section 8.1), and signed by whom the operator trusts. Each has {@value #PATIENCE_MILLIS} ms to
 * come about, once for TCP and once for TLS, and is closed after {@value #IDLE_SECONDS} s without a word.
 */
final class Connector {

    private static final Logger LOG = LoggerFactory.getLogger(Connector.class);
    private static final int PATIENCE_MILLIS = 5_000;
    private static final int IDLE_SECONDS = 20;
    private static final ApplicationProtocolConfig HTTP = new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2,
            ApplicationProtocolNames.HTTP_1_1);

    private final Dialer.Sockets sockets;
    private final Optional<Contexts> contexts;
    private final AtomicInteger open = new AtomicInteger();
    /** Why servers were not reached the last time; told once each. */
    private final Map<Server, String> troubles = new ConcurrentHashMap<>();

    /** What TLS is by. Whom Java trusts is more than a hundred certificates, and a good part of a start to read. */
    private record Contexts(SslContext tls, SslContext https) {}

    /**
     * Makes what {@link #connect} needs.
     *
     * @param used whether anybody will ever connect; nothing is read for nobody, but for a file that is named
     * @throws IOException when the certificates that are trusted cannot be read
     */
    Connector(Dialer.Sockets sockets, Optional<Path> caFile, boolean used) throws IOException {
        this.sockets = sockets;
        contexts = used || caFile.isPresent()
                ? Optional.of(new Contexts(context(caFile, ApplicationProtocolConfig.DISABLED), context(caFile, HTTP)))
                : Optional.empty();
    }

    private static SslContext context(Optional<Path> caFile, ApplicationProtocolConfig protocols) throws IOException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .applicationProtocolConfig(protocols)
                .endpointIdentificationAlgorithm("HTTPS");
        try {
            caFile.ifPresent(file -> builder.trustManager(file.toFile()));
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IOException("dns.ca-file cannot be used: " + e.getMessage(), e);
        }
    }

    int open() {
        return open.get();
    }

    void connect(EventLoop loop, Server server, Lines lines) {
        SocketChannel channel = sockets.open(Dialer.family(server.address()));
        channel.config().setConnectTimeoutMillis(PATIENCE_MILLIS);
        Contexts made = contexts.orElseThrow();
        SslContext context = server.carriage() == Carriage.TLS ? made.tls() : made.https();
        SslHandler handler = context.newHandler(
                channel.alloc(), server.host(), server.address().getPort());
        handler.setHandshakeTimeoutMillis(PATIENCE_MILLIS);
        handler.setCloseNotifyFlushTimeout(1, TimeUnit.SECONDS);
        handler.setCloseNotifyReadTimeout(0, TimeUnit.MILLISECONDS);
        Opening opening = new Opening(server, lines, handler);
        channel.pipeline().addLast("tls", handler).addLast("opening", opening);
        loop.register(channel);
        channel.connect(server.address()).addListener(connected -> {
            if (!connected.isSuccess()) {
                opening.failed(connected.cause());
                channel.close();
            }
        });
    }

    /** Waits for TLS, and makes the connection what it is to be. */
    private final class Opening extends ChannelInboundHandlerAdapter {

        private final Server server;
        private final Lines lines;
        private final SslHandler tls;
        private boolean over;

        Opening(Server server, Lines lines, SslHandler tls) {
            this.server = server;
            this.lines = lines;
            this.tls = tls;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (over || !(event instanceof SslHandshakeCompletionEvent done)) {
                return;
            }
            if (!done.isSuccess()) {
                failed(done.cause());
                ctx.channel().close();
                return;
            }
            over = true;
            ctx.pipeline().remove(this);
            ctx.pipeline().addLast("idle", new IdleStateHandler(0, 0, IDLE_SECONDS));
            open.incrementAndGet();
            lines.opened(line(ctx));
        }

        /** Once: a connection that is not made breaks off the handshake too. */
        private void failed(Throwable why) {
            if (!over) {
                over = true;
                lines.notOpened(why);
            }
        }

        private Line line(ChannelHandlerContext ctx) {
            if (server.carriage() == Carriage.TLS) {
                return TlsLine.begin(ctx.channel(), lines);
            }
            return ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())
                    ? Http2Line.begin(ctx.channel(), lines, server)
                    : Http1Line.begin(ctx.channel(), lines, server);
        }

        /** The handshake's end says what there is to say. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    void closed() {
        open.decrementAndGet();
    }

    void well(Server server) {
        if (troubles.remove(server) != null) {
            LOG.info("dns server reached again server={}", server);
        }
    }

    /** A certificate that is not believed is for the operator to mend, and nobody else will tell. */
    void trouble(Server server, Throwable why) {
        String text = why.toString();
        if (!text.equals(troubles.put(server, text))) {
            LOG.warn("dns server not reached server={}: {}", server, text);
        }
    }
}
