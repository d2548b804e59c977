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
    private final SourcesWatch sources;
    private final Optional<ListenerTls> tls;
    private final HttpServer server;
    private InetSocketAddress address = new InetSocketAddress(0);
    private String notRenewed = "";

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
        Object seen = SourcesWatch.stamps(settings);
        listener = ContextListener.make(
                settings,
                store,
                clock,
                source -> meters.context()
                        .events(source, EventName.class, EventName::label, EventResult.class, EventResult::label),
                meters.storeErrors()::increment,
                sink);
        sources = new SourcesWatch(settings, seen, listener::adopt, meters);
        listener.lags().forEach(meters.context()::lag);
        listener.crowdedOut().forEach((source, count) -> meters.context().evicted(source, "facts", count));
        meters.watch("postern.context.stored.bytes", "Facts on the disk", listener::storedBytes);
        meters.watch("postern.context.waiting.bytes", "Bodies not answered yet", listener::waitingBytes);
        tls = settings.tls().isPresent()
                ? Optional.of(new ListenerTls(settings.tls().get(), ListenerTls.HTTP_1_1, handshake))
                : Optional.empty();
        tls.ifPresent(held -> meters.certificate("context.tls", () -> held.secondsLeft(clock.instant())));
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

    /** The next look reads credentials that were refused, changed or not. */
    void again() {
        sources.again();
    }

    /** Looks at files that may have changed. Not for an event loop. */
    void look() {
        sources.look();
        tls.ifPresent(this::renew);
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
