package io.postern.gateway;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.detect.Finding;
import io.postern.config.ContextSettings;
import io.postern.config.GatewaySettings;
import io.postern.config.ListenSettings;
import io.postern.config.ResponseSettings;
import io.postern.config.document.Reading;
import io.postern.config.policy.Policy;
import io.postern.config.services.ServiceClasses;
import io.postern.dns.memory.AnswerLog;
import io.postern.dns.names.PublicSuffixes;
import io.postern.gateway.admin.Api;
import io.postern.gateway.admin.FindingFeed;
import io.postern.gateway.admin.FlowFeed;
import io.postern.gateway.admin.Health;
import io.postern.gateway.analytics.Detecting;
import io.postern.gateway.analytics.Homes;
import io.postern.gateway.analytics.LateFacts;
import io.postern.gateway.baseline.Baselines;
import io.postern.gateway.collector.CollectorServer;
import io.postern.gateway.collector.PacketResult;
import io.postern.gateway.context.DeviceContexts;
import io.postern.gateway.context.Known;
import io.postern.gateway.coverage.Coverage;
import io.postern.gateway.finding.FindingDesk;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.identity.IdentityFiles;
import io.postern.gateway.inventory.Inventory;
import io.postern.gateway.judge.Verdicts;
import io.postern.gateway.meters.LoopPulse;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.owners.OwnerReport.Source;
import io.postern.gateway.owners.OwnerResult;
import io.postern.gateway.owners.Owners;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.DnsRecords;
import io.postern.gateway.records.DropReason;
import io.postern.gateway.records.FlowRecords;
import io.postern.gateway.records.PersonalProfiles;
import io.postern.gateway.rules.ExceptionTable;
import io.postern.gateway.rules.FactSource;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Rules;
import io.postern.gateway.shadow.Shadow;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.PolicyStore;
import io.postern.gateway.state.StateFiles;
import io.postern.gateway.state.Store;
import io.postern.gateway.state.WatchedStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running gateway: everything it is made of, put together here, and how it starts and stops.
 *
 * <pre>
 * start → ready → draining → stopped
 * </pre>
 */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration POLICY_LOOK = Duration.ofSeconds(1);
    private static final Duration QUARANTINE_LOOK = Duration.ofSeconds(1);
    private static final Duration FACT_LOOK = Duration.ofSeconds(1);
    /** How late detection may be to hear of what a long flow does. */
    private static final Duration DETECTION_LOOK = Duration.ofSeconds(1);
    /** How late counters of bytes and a long flow's line may be; each look copies a loop's table of flows. */
    private static final Duration LIVING_LOOK = Duration.ofSeconds(5);

    /** What is told meanwhile stands in the facts that are kept, and is told again at the next start. */
    private static final Duration INVENTORY_SAVE = Duration.ofMinutes(1);

    /** How much of what analytics could see a crash may cost, and how late a capture may be deleted. */
    private static final Duration EVIDENCE_LOOK = Duration.ofMinutes(1);

    /** Reading the largest policy takes seconds. */
    private static final Duration STALE = Duration.ofMinutes(5);

    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    /** A loop silent for longer is stuck, and the gateway is not alive. */
    private static final Duration PULSE = Duration.ofSeconds(10);

    private final GatewaySettings settings;
    private final Clock clock;
    private final Meters meters;
    private final Health health = new Health();
    private final MultiThreadIoEventLoopGroup loops;
    private final LoopPulse pulse;
    private final ScheduledExecutorService offload;
    /** Beside {@link #offload}, so that who asks does not wait for who writes. */
    private final ExecutorService reads;

    /** Of what is held of a device: as long as its files take. */
    private final ExecutorService erasing;

    private final PrivacyParts privacy;
    private final FlowRecords records;
    private final Optional<DnsRecords> dnsRecords;
    private final Inventory inventory;
    private final Baselines baselines;
    private final FindingParts findings;
    private final Optional<WebhookParts> webhook;
    private final QuarantineParts quarantine;
    private final GatewayTroubles troubles;
    private final Judges judges;
    private final EnforcingParts enforcing;
    private final EvidenceParts evidence;
    private final Flows flows;
    private final Listeners listeners;
    private final AdminParts adminParts;
    private final Api admin;
    private final PolicyWatch policyWatch;
    private final IdentityWatch identityWatch;
    private final AddressParts addressParts;
    private final CollectorServer collectors;
    private final Store store;
    private final Optional<ContextParts> context;
    private final Optional<Homes> homes;
    private final Runnable catchUp;
    private final Optional<LateFacts> lateFacts;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Phase phase = Phase.STARTING;
    private volatile long looked = System.nanoTime();
    private final InetSocketAddress adminAddress;

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
        AdminParts admin = new AdminParts(settings, meters);
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
            return new Gateway(settings, store, first, policy, clock, detecting, meters, admin, address);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private Gateway(
            GatewaySettings settings,
            WatchedStore store,
            Policy first,
            Supplier<Reading<Policy>> policy,
            Clock clock,
            Optional<Detecting> detecting,
            Meters meters,
            AdminParts adminParts,
            InetSocketAddress adminAddress)
            throws IOException {
        this.settings = settings;
        this.store = store;
        this.clock = clock;
        this.meters = meters;
        this.adminParts = adminParts;
        this.adminAddress = adminAddress;
        Transports transports = Transports.of(settings.runtime().transport());
        loops = new MultiThreadIoEventLoopGroup(loops(settings), new DefaultThreadFactory("flows"), transports.io());
        pulse = new LoopPulse(loops, meters);
        offload = Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("offload", true));
        reads = Executors.newSingleThreadExecutor(new DefaultThreadFactory("reads", true));
        erasing = Executors.newSingleThreadExecutor(new DefaultThreadFactory("erasure", true));
        privacy = new PrivacyParts(settings, store, meters);
        Pseudonyms names = privacy.names();
        RetentionParts retention = new RetentionParts(settings.records(), store, clock);
        records = FlowRecords.start(
                settings.records().flows(),
                Version.text(),
                meters.recordsDropped("flow", DropReason.class, DropReason::label),
                retention.flows(),
                names::of);
        dnsRecords = dnsRecords(retention, names);
        Optional<DeviceContexts> facts = settings.context().map(DeviceContexts::new);
        facts.ifPresent(this::meter);
        inventory = Inventory.open(store, meters);
        Optional<DeviceFacts> deviceFacts = facts.map(table -> new DeviceFacts(table, inventory));
        quarantine = new QuarantineParts(settings, store, clock, meters);
        Waivers waivers = new Waivers(settings.analytics(), clock);
        Enforcement enforcement = new Enforcement(settings.analytics(), waivers, quarantine::killed);
        PersonalProfiles personal =
                new PersonalProfiles(settings.privacy().personalProfiles(), PublicSuffixes.shipped()::registrable);
        FindingWatch findingWatch = new FindingWatch(settings.analytics()::mode, enforcement, personal, meters);
        troubles = new GatewayTroubles(store, facts, clock);
        ServiceClasses services = services(settings);
        judges = new Judges(
                Listeners.unprotected(settings),
                new Rules(first, services),
                clock,
                deviceFacts.<FactSource>map(told -> told).orElse(FactSource.NOBODY),
                findingWatch,
                quarantine.overrules(),
                ExceptionTable.of(settings.exceptions(), troubles));
        meters.policyApplied(first);
        FlowFeed feed = new FlowFeed(settings.admin().flowEvents(), clock.millis());
        addressParts = new AddressParts(settings, clock, meters);
        IdentityFiles.prepare(settings);
        IdentityParts identity = new IdentityParts(settings.identity(), addressParts.book(), clock, meters);
        Owners owners = new Owners(
                clock, meters.ownerReports(Source.class, Source::label, OwnerResult.class, OwnerResult::label));
        meters.table("owners", owners::size, owners::evicted);
        collectors = new CollectorServer(
                settings.collectors(),
                clock,
                owners::reported,
                meters.collectorPackets(PacketResult.class, PacketResult::label)::count);
        baselines = Baselines.start(
                settings.baselines().learning(), store, new AroundFlows(judges, inventory, facts), clock, meters);
        findings = new FindingParts(settings, store, judges, baselines, retention.findings(), names, clock, meters);
        retention.needed(findings.desk());
        Optional<ResponseSettings.Webhook> receiver = settings.response().webhook();
        webhook = receiver.isPresent()
                ? Optional.of(new WebhookParts(
                        receiver.get(), store, findings.desk(), quarantine, judges, names, clock, meters))
                : Optional.empty();
        FindingFeed findingFeed = new FindingFeed(settings.admin().flowEvents(), clock.millis());
        findings.desk().whenTold(findingFeed::told);
        FactWatch factWatch = new FactWatch(judges, clock);
        KnowledgeWatch knowledgeWatch = new KnowledgeWatch(
                judges,
                baselines::snapshot,
                baselines::decisions,
                settings.baselines().learning().minDays(),
                settings.identity().renewal(),
                clock);
        homes = detecting.isPresent()
                ? Optional.of(homes(detecting.get(), enforcement, knowledgeWatch, names))
                : Optional.empty();
        troubles.detection(homes);
        lateFacts = homes.flatMap(all -> settings.records()
                .flows()
                .file()
                .map(file -> new LateFacts(
                        file,
                        settings.records().flows().keep(),
                        all,
                        PublicSuffixes.shipped()::registrable,
                        names::all,
                        clock,
                        meters)));
        // Before anything is told: what is kept is judged by what is known.
        homes.ifPresent(knowledgeWatch::look);
        context = facts.isPresent() ? Optional.of(context(owners, facts.get(), factWatch)) : Optional.empty();
        Coverage coverage = new Coverage(
                facts,
                settings.context(),
                meters.visibility(FactKind.class, FactKind::label, Known.class, Known::label),
                clock);
        evidence = new EvidenceParts(settings, store, coverage, names, clock, meters);
        Shadow shadow = new Shadow(clock);
        meters.table("shadow", shadow::size, shadow::turnedAway);
        AnswerLog answers = new AnswerLog(settings.dns().answerLog(), clock::millis);
        meters.table("dns-answers", answers::size, answers::forgotten);
        FlowReports reports = new FlowReports(
                meters,
                records,
                feed,
                judges,
                identity.tags(),
                settings.collectors().isEmpty() && context.isEmpty() ? Optional.empty() : Optional.of(owners),
                settings.baselines().learn() ? Optional.of(baselines) : Optional.empty(),
                findings.desk(),
                coverage,
                shadow,
                homes,
                findingWatch,
                deviceFacts,
                answers,
                personal,
                clock);
        QuestionReports questions = new QuestionReports(homes, dnsRecords, judges, personal, clock);
        flows = new Flows(settings.limits().flowsPerDevice(), clock, quarantine.beside(reports));
        reports.whenReached(evidence::reached);
        evidence.watch(findings.desk());
        meters.table("throttles", flows.throttles()::size, flows.throttles()::turnedAway);
        Verdicts verdicts = new Verdicts(judges, meters);
        quarantine.watch(judges, flows, verdicts);
        enforcing = new EnforcingParts(enforcement, waivers, findings.desk(), baselines, coverage, meters);
        findingWatch.begin(
                judges,
                flows,
                verdicts,
                (finding, action) -> findings.desk().found(finding, action, knowledgeWatch.version()));
        identityWatch = identity.watch(flows);
        listeners = new Listeners(
                settings,
                transports,
                loops,
                judges,
                new ListenerParts(
                        settings,
                        transports,
                        flows,
                        judges,
                        verdicts,
                        identity,
                        loops,
                        reports::watched,
                        answers,
                        questions,
                        privacy.paths(clock),
                        clock,
                        meters));
        DeviceErasure erasure = new DeviceErasure(
                settings,
                store,
                flows,
                homes,
                lateFacts,
                context,
                facts,
                inventory,
                findings.desk(),
                findingWatch,
                quarantine,
                webhook,
                evidence,
                records,
                dnsRecords,
                answers,
                shadow,
                feed,
                findingFeed,
                privacy.book());
        policyWatch = new PolicyWatch(policy, judges, flows, verdicts, meters, clock);
        admin = adminParts.api(settings, health, known -> {
            enforcing.tellWaivers(known.audit());
            retention.prune(known.audit());
            privacy.tellPurpose(known.audit(), clock);
            InventoryView inventoryView = new InventoryView(inventory, baselines, judges, clock);
            return new Api.Known(
                    known.access(),
                    new PolicyChanges(settings.policy(), policyWatch, judges, flows, verdicts, known.audit(), clock),
                    addressParts.desk(identityWatch::reassigned, known.audit(), names),
                    new BaselineChanges(baselines, settings.baselines().reviewAfter(), known.audit(), clock),
                    inventoryView,
                    quarantine.desk(known.audit(), names),
                    new FindingChanges(findings.desk(), enforcement, known.audit(), clock),
                    findingFeed,
                    evidence.desk(new EvidenceBundles.Sources(
                            settings,
                            findings.desk(),
                            inventoryView,
                            judges,
                            facts,
                            coverage,
                            evidence.hours(),
                            services,
                            new AdminAudit(known.audit(), clock),
                            names,
                            clock)),
                    coverage,
                    shadow,
                    offload,
                    reads,
                    feed,
                    new LiveFlowsByLoop(flows, reports),
                    settings.admin().streams(),
                    names,
                    privacy.desk(erasure, erasing, known.audit(), clock),
                    Version.text());
        });
        // Not before the audit log has the waivers: what acts then acts from the first flow on.
        enforcing.look();
        findings.each(findingWatch::kept);
        every(LIVING_LOOK, () -> flows.each(reports::living));
        every(LIVING_LOOK, owners::look);
        every(QUARANTINE_LOOK, troubles::look);
        every(QUARANTINE_LOOK, quarantine::look);
        if (facts.isPresent()) {
            every(FACT_LOOK, () -> factWatch.look(flows, verdicts));
        }
        every(INVENTORY_SAVE, inventory::save);
        every(EVIDENCE_LOOK, evidence::look);
        every(INVENTORY_SAVE, retention::look);
        every(QUARANTINE_LOOK, privacy::look);
        every(DETECTION_LOOK, () -> {
            enforcing.look();
            findingWatch.look(flows, verdicts);
        });
        if (homes.isPresent()) {
            every(DETECTION_LOOK, () -> flows.each(reports::detect));
            every(DETECTION_LOOK, () -> knowledgeWatch.look(homes.get()));
        }
        catchUp = () -> {
            baselines.refresh();
            homes.ifPresent(knowledgeWatch::look);
            flows.each(reports::detect);
            homes.ifPresent(each -> each.askAll(detection -> true).join());
            enforcing.look();
            findingWatch.look(flows, verdicts);
        };
        LOG.info(
                "starting version={} transport={} event-loops={} policy={}",
                Version.text(),
                transports.name(),
                loops.executorCount(),
                first.version());
    }

    private Optional<DnsRecords> dnsRecords(RetentionParts retention, Pseudonyms names) {
        GatewaySettings.RecordFile file = settings.records().dns();
        return file.file().isEmpty()
                ? Optional.empty()
                : Optional.of(DnsRecords.start(
                        file,
                        Version.text(),
                        meters.recordsDropped("dns", DropReason.class, DropReason::label),
                        retention.dns(),
                        names::of));
    }

    private static ServiceClasses services(GatewaySettings settings) throws IOException {
        Optional<Path> file = settings.services().file();
        ServiceClasses services = file.isPresent() ? ServiceClasses.read(file.get()) : ServiceClasses.shipped();
        LOG.info(
                "service classes source=\"{}\" date={} patterns={}",
                services.provenance().source(),
                services.provenance().date(),
                services.provenance().patterns());
        return services;
    }

    private void meter(DeviceContexts facts) {
        meters.table("device-contexts", facts::size, facts::evicted);
        for (ContextSettings.Source source : settings.context().orElseThrow().sources()) {
            meters.contextEvicted(source.name(), "device-contexts", () -> facts.crowdedOut(source.name()));
        }
    }

    private ContextParts context(Owners owners, DeviceContexts facts, FactWatch watch) throws IOException {
        ToldOwners told = new ToldOwners(owners, settings.context().orElseThrow());
        return new ContextParts(
                settings.context().orElseThrow(),
                settings.limits().tlsHandshakeTimeout(),
                store,
                clock,
                meters,
                event -> {
                    facts.tell(event);
                    inventory.told(event);
                    told.told(event);
                    watch.told(event);
                    // Before detection knows it. Not those that are kept: they were judged when they came.
                    if (phase != Phase.STARTING) {
                        lateFacts.ifPresent(each -> each.told(event));
                    }
                    homes.ifPresent(each -> each.told(event));
                });
    }

    private Homes homes(Detecting detecting, Enforcement enforcement, KnowledgeWatch known, Pseudonyms names)
            throws IOException {
        int threads = settings.runtime().detectionThreads();
        return Homes.open(
                threads == 0 ? detecting.settings() : detecting.settings().homes(threads),
                detecting.detections(),
                PublicSuffixes.shipped()::registrable,
                word -> {
                    Finding finding = names.called(word);
                    detecting.sink().found(finding);
                    findings.desk().found(finding, enforcement.action(finding, false), known.version());
                },
                store,
                clock,
                meters);
    }

    private void open() throws IOException {
        warnOfFewDescriptors();
        health.alive("an event loop is stuck", () -> pulse.beating(PULSE));
        health.alive("records are not written any more", records::alive);
        dnsRecords.ifPresent(each -> health.alive("questions are not written any more", each::alive));
        health.alive("findings are not kept any more", findings.desk()::alive);
        health.alive("files are not looked at any more", () -> System.nanoTime() - looked < STALE.toNanos());
        homes.ifPresent(each -> health.alive("detection has stopped", each::alive));
        quarantine.health(health);
        troubles.health(health);
        health.ready("starting", () -> phase != Phase.STARTING);
        health.ready("draining", () -> phase != Phase.STOPPING);
        homes.ifPresent(Homes::start);
        lateFacts.ifPresent(LateFacts::start);
        listeners.open();
        adminParts.serve(admin);
        OwnAddressWatch own = listeners.protect(adminAddress);
        addressParts.open();
        collectors.open();
        if (context.isPresent()) {
            context.get().health(health);
            context.get().open();
        }
        listeners.accept();
        every(POLICY_LOOK, this::look);
        every(POLICY_LOOK, own::look);
        phase = Phase.READY;
        addresses().forEach((name, address) -> LOG.info("listening name={} address={}", name, address));
        LOG.info("ready admin={}", adminAddress);
    }

    /** Each flow is two sockets: a limit below that refuses flows by failing, not by policy. */
    private void warnOfFewDescriptors() {
        boolean datagrams = settings.listeners().stream().anyMatch(ListenSettings::udp);
        long needed = 2L * settings.limits().flows()
                + (datagrams ? 2L * settings.datagrams().sessions() : 0)
                + 256;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                && unix.getMaxFileDescriptorCount() < needed) {
            LOG.warn(
                    "file descriptors: {} may be open, limits.flows of {} and datagrams.sessions need {}",
                    unix.getMaxFileDescriptorCount(),
                    settings.limits().flows(),
                    needed);
        }
    }

    private static int loops(GatewaySettings settings) {
        int asked = settings.runtime().eventLoops();
        return asked == 0 ? Runtime.getRuntime().availableProcessors() : asked;
    }

    /** Each by itself: what fails must not keep the others from being looked at. */
    private void look() {
        for (Runnable one : List.<Runnable>of(
                policyWatch::look,
                findings::look,
                identityWatch::look,
                () -> addressParts.look(identityWatch::reassigned),
                listeners::renewCertificates,
                adminParts::look,
                () -> context.ifPresent(ContextParts::look))) {
            guarded(one).run();
        }
        looked = System.nanoTime();
    }

    /** Where each listener is bound, by its name, and what else listens, by its setting. */
    public Map<String, InetSocketAddress> addresses() {
        Map<String, InetSocketAddress> all = new LinkedHashMap<>(listeners.addresses());
        all.putAll(collectors.addresses());
        context.ifPresent(parts -> all.put("context", parts.address()));
        addressParts.radius().ifPresent(address -> all.put("identity.radius", address));
        return all;
    }

    public InetSocketAddress adminAddress() {
        return adminAddress;
    }

    /** Looks at policy, keys, revocations and certificates now, rather than in a second. */
    public void reload() {
        LOG.info("reading policy, keys, revocations and certificates again");
        offload.execute(guarded(() -> {
            identityWatch.again();
            adminParts.again();
            look();
        }));
    }

    /**
     * Does what else is done every second or minute of real time, and waits until detection has heard of all that has ended: for
     * whoever has a clock that runs faster.
     */
    public void catchUp() {
        CompletableFuture.runAsync(catchUp, offload).join();
    }

    /** Where findings go. */
    public FindingDesk findings() {
        return findings.desk();
    }

    /** Flows alive at the moment. */
    public int liveFlows() {
        return flows.live();
    }

    /**
     * Stops as its users would wish: says it is not ready, waits for the load balancer to notice, accepts no more,
     * lets flows finish for a while, ends the rest, and writes every record. Blocks until then.
     */
    public void drain() {
        LOG.info("draining flows={}", flows.live());
        phase = Phase.STOPPING;
        sleep(settings.drain().delay());
        listeners.close();
        flows.drain();
        long end = System.nanoTime() + settings.drain().timeout().toNanos();
        while (flows.live() > 0 && System.nanoTime() < end) {
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
        listeners.close();
        stopOffload();
        stopErasing();
        listeners.closeDatagrams();
        stopFlows();
        // Without a quiet period a loop may end before it has closed its channels (Netty 4.2.18), and what they held is
        // lost.
        var stopped =
                loops.shutdownGracefully(1, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        pulse.close();
        addressParts.close();
        collectors.close();
        context.ifPresent(ContextParts::close);
        listeners.closeNames();
        lateFacts.ifPresent(LateFacts::close);
        homes.ifPresent(Homes::close);
        records.close();
        dnsRecords.ifPresent(DnsRecords::close);
        findings.desk().close();
        quarantine.close();
        webhook.ifPresent(WebhookParts::close);
        baselines.close();
        inventory.save();
        privacy.look();
        adminParts.close();
        evidence.close();
        reads.shutdown();
        store.close();
        meters.close();
        LOG.info("stopped clean={}", stopped);
    }

    /** What is being looked at is looked at to its end: a file that somebody stops reading is no broken file. */
    private void stopOffload() {
        offload.shutdown();
        try {
            if (!offload.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                offload.shutdownNow();
            }
        } catch (InterruptedException e) {
            offload.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Never interrupted: the store would not survive it. */
    private void stopErasing() {
        erasing.shutdown();
        try {
            if (!erasing.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("a device is not erased as a whole: ask for it again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A loop that ends closes what it has without a word. */
    private void stopFlows() {
        try {
            flows.stop(CloseReason.DRAIN).get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("flows could not be ended in order", e);
        }
    }

    private void every(Duration period, Runnable what) {
        offload.scheduleWithFixedDelay(guarded(what), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A repeated task that throws would never be run again, silently. */
    private static Runnable guarded(Runnable what) {
        return () -> {
            try {
                what.run();
            } catch (Throwable e) {
                // An Error too: what is scheduled and throws is never run again, and nobody would notice.
                LOG.error("a background task failed and goes on", e);
            }
        };
    }

    private static void sleep(Duration some) {
        try {
            TimeUnit.NANOSECONDS.sleep(some.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
