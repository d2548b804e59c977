package io.postern.gateway;

import com.sun.management.UnixOperatingSystemMXBean;
import io.postern.config.GatewaySettings;
import io.postern.config.ListenSettings;
import io.postern.config.document.Reading;
import io.postern.config.policy.Policy;
import io.postern.gateway.admin.Api;
import io.postern.gateway.admin.Health;
import io.postern.gateway.analytics.Detecting;
import io.postern.gateway.analytics.Homes;
import io.postern.gateway.analytics.LateFacts;
import io.postern.gateway.finding.FindingDesk;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.DnsRecords;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.PolicyStore;
import io.postern.gateway.state.StateFiles;
import io.postern.gateway.state.Store;
import io.postern.gateway.state.WatchedStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running gateway: how it starts and stops. What it is made of stands in {@link GatewayParts}.
 *
 * <pre>
 * start → ready → draining → stopped
 * </pre>
 */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    /** A loop silent for longer is stuck, and the gateway is not alive. */
    private static final Duration PULSE = Duration.ofSeconds(10);

    private final GatewayParts parts;
    private final Upkeep upkeep;
    private final AdminDesks desks;
    private final AdminParts admin;
    private final Api api;
    private final InetSocketAddress adminAddress;
    private final Health health = new Health();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Phase phase = Phase.STARTING;

    private enum Phase {
        STARTING,
        READY,
        STOPPING
    }

    /**
     * Starts a gateway; it is ready when this returns.
     *
     * @param policy reads the policy files; asked now, and every second for changes
     * @param clock the time of records and of everything that expires
     * @throws IOException when an address cannot be bound or a file cannot be read
     * @throws IllegalStateException when the policy does not read
     */
    public static Gateway start(GatewaySettings settings, Supplier<Reading<Policy>> policy, Clock clock)
            throws IOException {
        return start(settings, policy, clock, Detecting.five(settings.analytics(), finding -> {}));
    }

    /**
     * The same with detection of the caller's choice.
     *
     * @param detecting absent: nothing is detected, and no flow is told of
     */
    public static Gateway start(
            GatewaySettings settings, Supplier<Reading<Policy>> policy, Clock clock, Optional<Detecting> detecting)
            throws IOException {
        return start(settings, policy, clock, detecting, opened -> opened);
    }

    /**
     * The same with something between the gateway and what it keeps.
     *
     * @param between for whoever tries out what a broken disk does
     */
    public static Gateway start(
            GatewaySettings settings,
            Supplier<Reading<Policy>> policy,
            Clock clock,
            Optional<Detecting> detecting,
            UnaryOperator<Store> between)
            throws IOException {
        PolicyStore.prepare(settings.policy());
        Policy first = policy.get()
                .value()
                .orElseThrow(() -> new IllegalStateException("policy does not read; ask check for its problems"));
        Meters meters = new Meters();
        AdminParts admin = new AdminParts(settings, clock, meters);
        Gateway gateway;
        try {
            // Before the store, which takes long to read after a crash: who watches must not end what only starts.
            InetSocketAddress address = admin.bind();
            LOG.info("starting, reading state admin={}", address);
            gateway = made(settings, between, first, policy, clock, detecting, meters, admin, address);
        } catch (IOException | RuntimeException e) {
            // Whoever tries again at once finds the port free.
            admin.close().join();
            meters.close();
            throw e;
        }
        try {
            gateway.open();
            return gateway;
        } catch (IOException | RuntimeException e) {
            gateway.close();
            throw e;
        }
    }

    private static Gateway made(
            GatewaySettings settings,
            UnaryOperator<Store> between,
            Policy first,
            Supplier<Reading<Policy>> policy,
            Clock clock,
            Optional<Detecting> detecting,
            Meters meters,
            AdminParts admin,
            InetSocketAddress address)
            throws IOException {
        WatchedStore store = new WatchedStore(between.apply(EmbeddedStore.open(StateFiles.store(settings))));
        try {
            return new Gateway(
                    new GatewayParts(settings, store, first, policy, clock, detecting, meters), admin, address);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private Gateway(GatewayParts parts, AdminParts admin, InetSocketAddress adminAddress) throws IOException {
        this.parts = parts;
        this.admin = admin;
        this.adminAddress = adminAddress;
        upkeep = new Upkeep(parts, admin);
        desks = new AdminDesks(parts, upkeep.thread());
        api = admin.api(parts.settings, health, desks::of);
        upkeep.start();
        LOG.info(
                "starting version={} transport={} event-loops={} policy={}",
                Version.text(),
                parts.transports.name(),
                parts.loops.executorCount(),
                parts.judges.rules().version());
    }

    private void open() throws IOException {
        warnOfFewDescriptors();
        tellHealth();
        parts.homes.ifPresent(Homes::start);
        parts.lateFacts.ifPresent(LateFacts::start);
        parts.listeners.open();
        admin.serve(api);
        OwnAddressWatch own = parts.listeners.protect(adminAddress);
        parts.addressParts.open();
        parts.collectors.open();
        if (parts.context.isPresent()) {
            parts.context.get().health(health);
            parts.context.get().open();
        }
        parts.listeners.accept();
        upkeep.watchFiles(own);
        phase = Phase.READY;
        parts.ready();
        addresses().forEach((name, address) -> LOG.info("listening name={} address={}", name, address));
        LOG.info("ready admin={}", adminAddress);
    }

    private void tellHealth() {
        health.alive("an event loop is stuck", () -> parts.pulse.beating(PULSE));
        health.alive("records are not written any more", parts.records::alive);
        parts.dnsRecords.ifPresent(each -> health.alive("questions are not written any more", each::alive));
        health.alive("findings are not kept any more", parts.findings.desk()::alive);
        upkeep.health(health);
        parts.homes.ifPresent(each -> health.alive("detection has stopped", each::alive));
        parts.quarantine.health(health);
        parts.troubles.health(health);
        health.ready("starting", () -> phase != Phase.STARTING);
        health.ready("draining", () -> phase != Phase.STOPPING);
    }

    /** Each flow is two sockets: a limit below that refuses flows by failing, not by policy. */
    private void warnOfFewDescriptors() {
        boolean datagrams = parts.settings.listeners().stream().anyMatch(ListenSettings::udp);
        long needed = 2L * parts.settings.limits().flows()
                + (datagrams ? 2L * parts.settings.datagrams().sessions() : 0)
                + 256;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                && unix.getMaxFileDescriptorCount() < needed) {
            LOG.warn(
                    "file descriptors: {} may be open, limits.flows of {} and datagrams.sessions need {}",
                    unix.getMaxFileDescriptorCount(),
                    parts.settings.limits().flows(),
                    needed);
        }
    }

    /** Where each listener is bound, by its name, and what else listens, by its setting. */
    public Map<String, InetSocketAddress> addresses() {
        Map<String, InetSocketAddress> all = new LinkedHashMap<>(parts.listeners.addresses());
        all.putAll(parts.collectors.addresses());
        parts.context.ifPresent(each -> all.put("context", each.address()));
        parts.addressParts.radius().ifPresent(address -> all.put("identity.radius", address));
        return all;
    }

    public InetSocketAddress adminAddress() {
        return adminAddress;
    }

    /** Looks at policy, keys, revocations and certificates now, rather than in a second. */
    public void reload() {
        LOG.info("reading policy, keys, revocations and certificates again");
        upkeep.again();
    }

    /**
     * Does what else is done every second or minute of real time, and waits until detection has heard of all that has ended: for
     * whoever has a clock that runs faster.
     */
    public void catchUp() {
        upkeep.catchUp();
    }

    /** Where findings go. */
    public FindingDesk findings() {
        return parts.findings.desk();
    }

    /** Flows alive at the moment. */
    public int liveFlows() {
        return parts.flows.live();
    }

    /**
     * Stops as its users would wish: says it is not ready, waits for the load balancer to notice, accepts no more,
     * lets flows finish for a while, ends the rest, and writes every record. Blocks until then.
     */
    public void drain() {
        LOG.info("draining flows={}", parts.flows.live());
        phase = Phase.STOPPING;
        sleep(parts.settings.drain().delay());
        parts.listeners.close();
        parts.flows.drain();
        long end = System.nanoTime() + parts.settings.drain().timeout().toNanos();
        while (parts.flows.live() > 0 && System.nanoTime() < end) {
            sleep(Duration.ofMillis(20));
        }
        close();
    }

    /** Stops now: live flows are ended, their records written. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        phase = Phase.STOPPING;
        parts.listeners.close();
        upkeep.close();
        desks.stopErasing();
        parts.listeners.closeDatagrams();
        stopFlows();
        // Without a quiet period a loop may end before it has closed its channels (Netty 4.2.18), and what they held is
        // lost.
        var stopped = parts.loops
                .shutdownGracefully(1, 2_000, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(5, TimeUnit.SECONDS);
        parts.pulse.close();
        parts.addressParts.close();
        parts.collectors.close();
        parts.context.ifPresent(ContextParts::close);
        parts.listeners.closeNames();
        parts.lateFacts.ifPresent(LateFacts::close);
        parts.homes.ifPresent(Homes::close);
        parts.records.close();
        parts.dnsRecords.ifPresent(DnsRecords::close);
        parts.findings.desk().close();
        parts.quarantine.close();
        parts.webhook.ifPresent(WebhookParts::close);
        parts.baselines.close();
        parts.inventory.save();
        parts.shadowBook.save();
        parts.privacy.look();
        admin.close();
        parts.evidence.close();
        desks.close();
        parts.store.close();
        parts.meters.close();
        LOG.info("stopped clean={}", stopped);
    }

    /** A loop that ends closes what it has without a word. */
    private void stopFlows() {
        try {
            parts.flows.stop(CloseReason.DRAIN).get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("flows could not be ended in order", e);
        }
    }

    private static void sleep(Duration some) {
        try {
            TimeUnit.NANOSECONDS.sleep(some.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
