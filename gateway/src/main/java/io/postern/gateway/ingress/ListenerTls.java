package io.postern.gateway.ingress;

import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.postern.config.ListenSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * TLS towards the clients of one listener: 1.2 and up, BoringSSL where its natives load and the JDK's elsewhere.
 *
 * <p>Certificates are renewed under running gateways, so {@link #reload} reads the files again; connections that are
 * open keep what they were made with.
 */
public final class ListenerTls {

    /** Of listeners whose clients need not negotiate what is spoken inside. */
    public static final List<String> NO_ALPN = List.of();

    public static final List<String> HTTP_1_1 = List.of(ApplicationProtocolNames.HTTP_1_1);
    public static final List<String> HTTP_2_OR_1_1 =
            List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);

    private final ListenSettings.Tls settings;
    private final List<String> protocols;
    private final Duration handshake;
    private volatile Made made;
    private byte[] fingerprint;

    /** @param expires when the first certificate of the chain does */
    private record Made(SslContext context, Instant expires) {}

    /**
     * @param protocols what is spoken inside and may be negotiated (ALPN, RFC 7301), the one liked best first
     * @throws IOException when the files cannot be read or do not hold a certificate and its key
     */
    public ListenerTls(ListenSettings.Tls settings, List<String> protocols, Duration handshake) throws IOException {
        this.settings = settings;
        this.protocols = protocols;
        this.handshake = handshake;
        this.fingerprint = content();
        this.made = build();
    }

    public SslHandler handler(SocketChannel client) {
        SslHandler handler = made.context.newHandler(client.alloc());
        handler.setHandshakeTimeout(handshake.toMillis(), TimeUnit.MILLISECONDS);
        // A peer that does not answer our close_notify is not waited for.
        handler.setCloseNotifyFlushTimeout(1, TimeUnit.SECONDS);
        handler.setCloseNotifyReadTimeout(0, TimeUnit.MILLISECONDS);
        return handler;
    }

    /**
     * Reads the files again; what is in use stays when they are no good. Not for an event loop: it reads files.
     *
     * @return whether there was anything new
     * @throws IOException why the new files are not taken
     */
    public synchronized boolean reload() throws IOException {
        byte[] now = content();
        if (Arrays.equals(now, fingerprint)) {
            return false;
        }
        // First: files that are no good are told of once, and looked at again when they change.
        fingerprint = now;
        made = build();
        return true;
    }

    /** How long what is in use holds from then on, the first of its chain to expire; negative: since when it has not. */
    public long secondsLeft(Instant now) {
        return now.until(made.expires, ChronoUnit.SECONDS);
    }

    private Made build() throws IOException {
        PemPair pair = PemPair.read(settings.certificate(), settings.key());
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(pair.key(), pair.chain())
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .applicationProtocolConfig(alpn())
                    .clientAuth(
                            switch (settings.clientAuth()) {
                                case NONE -> ClientAuth.NONE;
                                case OPTIONAL -> ClientAuth.OPTIONAL;
                                case REQUIRE -> ClientAuth.REQUIRE;
                            });
            if (settings.clientCa().isPresent()) {
                builder.trustManager(settings.clientCa().get().toFile());
            }
            if (protocols.contains(ApplicationProtocolNames.HTTP_2)) {
                // RFC 9113 section 9.2.2 forbids the others, and clients hang up on them.
                builder.ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
            }
            return new Made(builder.build(), pair.expires());
        } catch (SSLException | IllegalArgumentException e) {
            throw new IOException(settings.certificate() + " cannot be used: " + e.getMessage(), e);
        }
    }

    private ApplicationProtocolConfig alpn() {
        return protocols.isEmpty()
                ? ApplicationProtocolConfig.DISABLED
                : new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocols);
    }

    private byte[] content() throws IOException {
        List<Path> files = new ArrayList<>(List.of(settings.certificate(), settings.key()));
        settings.clientCa().ifPresent(files::add);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Path file : files) {
            all.write(Files.readAllBytes(file));
        }
        return all.toByteArray();
    }
}
