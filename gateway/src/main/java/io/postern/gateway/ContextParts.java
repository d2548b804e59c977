package io.postern.gateway;

import io.postern.analytics.context.ContextEvent;
import io.postern.config.ContextSettings;
import io.postern.gateway.admin.Health;
import io.postern.gateway.context.ContextListener;
import io.postern.gateway.context.EventName;
import io.postern.gateway.context.EventResult;
import io.postern.gateway.http.HttpServer;
import io.postern.gateway.ingress.ListenerTls;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.records.DeviceLines;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The context listener and its files. */
final class ContextParts {

    private static final Logger LOG = LoggerFactory.getLogger(ContextParts.class);

    private final ContextSettings settings;
    private final ContextListener listener;
    private final Optional<ListenerTls> tls;
    private final HttpServer server;
    private InetSocketAddress address = new InetSocketAddress(0);
    private String notRenewed = "";
    private Optional<Object> stamps;

    /**
     * @param sink told of every event that is on the disk, on one thread that it must not hold up; at the start of those kept
     * @throws IOException when a file does not read
     */
    ContextParts(
            ContextSettings settings,
            Duration handshake,
            Store store,
            Clock clock,
            Meters meters,
            Consumer<ContextEvent> sink)
            throws IOException {
        this.settings = settings;
        stamps = stamps();
        listener = ContextListener.make(
                settings,
                store,
                clock,
                source -> meters.contextEvents(
                        source, EventName.class, EventName::label, EventResult.class, EventResult::label),
                meters.count("postern.store.errors", "Times the embedded store failed")::increment,
                sink);
        listener.lags().forEach(meters::contextLag);
        listener.crowdedOut().forEach((source, count) -> meters.contextEvicted(source, "facts", count));
        meters.watch("postern.context.stored.bytes", "Facts on the disk", listener::storedBytes);
        meters.watch("postern.context.waiting.bytes", "Bodies not answered yet", listener::waitingBytes);
        tls = settings.tls().isPresent()
                ? Optional.of(new ListenerTls(settings.tls().get(), ListenerTls.HTTP_1_1, handshake))
                : Optional.empty();
        server = listener.server(
                tls.map(made -> made::handler),
                meters.count("postern.context.crowded", "Connections and bodies of sources without room"));
    }

    void open() throws IOException {
        try {
            address = server.bind(settings.bind().socketAddress()).join();
        } catch (CompletionException e) {
            throw new IOException("context: cannot bind " + settings.bind().socketAddress() + ": " + e.getCause(), e);
        }
        listener.start();
    }

    InetSocketAddress address() {
        return address;
    }

    void health(Health health) {
        health.alive("facts are not stored any more", listener::storing);
        health.note("facts cannot be stored: sources are told to send them again", listener::failing);
    }

    /** See {@link ContextListener#forget(DeviceLines, Runnable)}. */
    CompletableFuture<Long> forget(DeviceLines device, Runnable also) {
        return listener.forget(device, also);
    }

    /** Looks at files that may have changed. Not for an event loop. */
    void look() {
        Optional<Object> now = stamps();
        if (!now.equals(stamps)) {
            stamps = now;
            try {
                listener.adopt();
                LOG.info(
                        "context credentials in force sources={}",
                        settings.sources().size());
            } catch (IOException e) {
                LOG.warn("context credentials refused, the last good ones stay in force: {}", e.getMessage());
            }
        }
        tls.ifPresent(this::renew);
    }

    private Optional<Object> stamps() {
        return Optional.of(settings.sources().stream()
                .map(source -> List.of(
                        source.tokenFile().flatMap(TokensWatch::stamp),
                        source.push().flatMap(push -> TokensWatch.stamp(push.jwksFile())),
                        source.webhook()
                                .flatMap(ContextSettings.Webhook::signature)
                                .flatMap(signature -> TokensWatch.stamp(signature.secretFile()))))
                .toList());
    }

    private void renew(ListenerTls made) {
        try {
            if (made.reload()) {
                LOG.info("certificate renewed listener=context");
            }
            notRenewed = "";
        } catch (IOException e) {
            // The same is told once, however often it is seen.
            if (!e.toString().equals(notRenewed)) {
                notRenewed = e.toString();
                LOG.warn("certificate not renewed listener=context: {}", notRenewed);
            }
        }
    }

    /** What was taken is stored; nothing is taken any more. */
    void close() {
        server.close();
        listener.close();
    }
}
