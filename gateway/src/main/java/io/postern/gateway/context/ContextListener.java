package io.postern.gateway.context;

import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.postern.analytics.context.ContextEvent;
import io.postern.config.ContextSettings;
import io.postern.gateway.http.Bodies;
import io.postern.gateway.http.Connections;
import io.postern.gateway.http.HttpServer;
import io.postern.gateway.http.Room;
import io.postern.gateway.records.DeviceLines;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Where sources tell what they know: who they are, what they may say, and where it goes. */
public final class ContextListener implements AutoCloseable {

    private static final Connections.Most CONNECTIONS = new Connections.Most(256, 64, 128);

    /** A body of the largest size in a tenth of it, by a line of 4 Mbit/s. */
    private static final Duration CONNECTION_LIFE = Duration.ofSeconds(30);

    private static final int KNOWN_BODIES = 64 << 20;
    private static final int KNOWN_BODIES_OF_ONE = 32 << 20;

    /** Of signed webhooks, which are known by their body. */
    private static final int UNKNOWN_BODIES = 16 << 20;

    private static final int UNKNOWN_BODIES_OF_ONE = ContextDoor.MAX_BODY;

    private final Sources sources;
    private final FactLog log;
    private final Intake intake;
    private final ContextDoor door;
    private final Bodies bodies =
            new Bodies(new Room(KNOWN_BODIES, KNOWN_BODIES_OF_ONE), new Room(UNKNOWN_BODIES, UNKNOWN_BODIES_OF_ONE));

    /**
     * Makes one, and tells {@code sink} all that is kept; it does not listen yet.
     *
     * @param counts of a source by its name
     * @param failures told when something could not be stored
     * @param sink of every event once it is on the disk, on one thread, which it must not hold up
     * @throws IOException when a source's file does not read, or what is kept cannot be
     */
    public static ContextListener make(
            ContextSettings settings,
            Store store,
            Clock clock,
            Function<String, BiConsumer<EventName, EventResult>> counts,
            Runnable failures,
            Consumer<ContextEvent> sink)
            throws IOException {
        Sources sources = new Sources(settings.sources(), source -> new Source(source, counts.apply(source.name())));
        FactLog log = new FactLog(store, settings.kept(), settings.keptBytes());
        Intake intake = new Intake(log, settings.sources().size(), clock, sink, failures);
        return new ContextListener(
                sources, log, intake, new ContextDoor(sources, new Pages(settings, intake, clock), clock));
    }

    private ContextListener(Sources sources, FactLog log, Intake intake, ContextDoor door) {
        this.sources = sources;
        this.log = log;
        this.intake = intake;
        this.door = door;
    }

    /**
     * @param tls towards sources; absent: plain text
     * @param crowdedOut counts connections and bodies for which there was no room
     */
    public HttpServer server(Optional<Function<SocketChannel, SslHandler>> tls, LongAdder crowdedOut) {
        return new HttpServer("context", door, new Connections(CONNECTIONS, CONNECTION_LIFE, crowdedOut), bodies, tls);
    }

    /** From now on what comes is stored. */
    public void start() {
        intake.start();
    }

    /**
     * Removes what was told of a device.
     *
     * @param also done with it, on the thread that tells
     * @return events, once it is on the disk
     */
    public CompletableFuture<Long> forget(DeviceLines device, Runnable also) {
        return intake.forget(device, also);
    }

    /** The same where nobody tells anything, and something is kept of when they did. */
    public static long forget(Store store, DeviceLines device) throws IOException {
        return new FactLog(store, Duration.ZERO, 0).forget(device);
    }

    /** Reads what sources show anew. */
    public void adopt() throws IOException {
        sources.adopt();
    }

    /** How late each source's last event came, in seconds, by its name. */
    public Map<String, Supplier<Number>> lags() {
        Map<String, Supplier<Number>> lags = new LinkedHashMap<>();
        sources.all().forEach(source -> lags.put(source.name(), () -> source.lagMillis() / 1_000.0));
        return lags;
    }

    /** Events of each source that went from the disk before their time for want of room, by its name. */
    public Map<String, Supplier<Number>> crowdedOut() {
        Map<String, Supplier<Number>> counts = new LinkedHashMap<>();
        sources.all().forEach(source -> counts.put(source.name(), () -> log.crowdedOut(source.name())));
        return counts;
    }

    public long storedBytes() {
        return log.bytes();
    }

    /** Of bodies that are not answered yet. */
    public long waitingBytes() {
        return bodies.known().taken() + bodies.unknown().taken();
    }

    /** Whether events are stored, or will be once the disk takes them. */
    public boolean storing() {
        return intake.working();
    }

    /** Whether sources are told to send again, because the disk has failed. */
    public boolean failing() {
        return intake.failing();
    }

    @Override
    public void close() {
        intake.close();
    }
}
