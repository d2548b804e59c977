package io.postern.gateway;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.detect.Finding;
import io.postern.config.ContextSettings;
import io.postern.config.GatewaySettings;
import io.postern.config.ResponseSettings;
import io.postern.config.document.Reading;
import io.postern.config.policy.Policy;
import io.postern.config.services.ServiceClasses;
import io.postern.dns.memory.AnswerLog;
import io.postern.dns.names.PublicSuffixes;
import io.postern.gateway.admin.FindingFeed;
import io.postern.gateway.admin.FlowFeed;
import io.postern.gateway.analytics.Detecting;
import io.postern.gateway.analytics.Homes;
import io.postern.gateway.analytics.LateFacts;
import io.postern.gateway.baseline.Baselines;
import io.postern.gateway.collector.CollectorServer;
import io.postern.gateway.collector.PacketResult;
import io.postern.gateway.context.DeviceContexts;
import io.postern.gateway.context.Known;
import io.postern.gateway.coverage.Coverage;
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
import io.postern.gateway.records.DnsRecords;
import io.postern.gateway.records.DropReason;
import io.postern.gateway.records.FlowRecords;
import io.postern.gateway.records.PersonalProfiles;
import io.postern.gateway.rules.ExceptionTable;
import io.postern.gateway.rules.FactSource;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Rules;
import io.postern.gateway.shadow.Shadow;
import io.postern.gateway.shadow.ShadowBook;
import io.postern.gateway.state.Store;
import io.postern.gateway.state.WatchedStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything a gateway is made of, each part made of those before it and told of those that it is to tell; nothing listens
 * yet. {@link Gateway} starts and stops them, {@link Upkeep} looks after them.
 */
final class GatewayParts {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayParts.class);

    final GatewaySettings settings;
    final Clock clock;
    final Meters meters;
    final Store store;
    final Transports transports;
    final MultiThreadIoEventLoopGroup loops;
    final LoopPulse pulse;
    final PrivacyParts privacy;
    final Pseudonyms names;
    final RetentionParts retention;
    final FlowRecords records;
    final Optional<DnsRecords> dnsRecords;
    final Optional<DeviceContexts> facts;
    final Inventory inventory;
    final QuarantineParts quarantine;
    final Enforcement enforcement;
    final FindingWatch findingWatch;
    final GatewayTroubles troubles;
    final ServiceClasses services;
    final Judges judges;
    final FlowFeed feed;
    final AddressParts addressParts;
    final Owners owners;
    final CollectorServer collectors;
    final Baselines baselines;
    final FindingParts findings;
    final Optional<WebhookParts> webhook;
    final FindingFeed findingFeed;
    final FactWatch factWatch;
    final KnowledgeWatch knowledgeWatch;
    final Optional<Homes> homes;
    final Optional<LateFacts> lateFacts;
    final Optional<ContextParts> context;
    final Coverage coverage;
    final EvidenceParts evidence;
    final Shadow shadow;
    final ShadowBook shadowBook;
    final AnswerLog answers;
    final FlowReports reports;
    final Flows flows;
    final Verdicts verdicts;
    final EnforcingParts enforcing;
    final IdentityWatch identityWatch;
    final Listeners listeners;
    final PolicyWatch policyWatch;
    private volatile boolean ready;

    /**
     * @param first policy in force
     * @param policy reads the policy files
     * @param detecting absent: nothing is detected
     * @throws IOException when a file or the store cannot be read
     */
    GatewayParts(
            GatewaySettings settings,
            WatchedStore store,
            Policy first,
            Supplier<Reading<Policy>> policy,
            Clock clock,
            Optional<Detecting> detecting,
            Meters meters)
            throws IOException {
        this.settings = settings;
        this.store = store;
        this.clock = clock;
        this.meters = meters;
        transports = Transports.of(settings.runtime().transport());
        loops = new MultiThreadIoEventLoopGroup(loops(settings), new DefaultThreadFactory("flows"), transports.io());
        pulse = new LoopPulse(loops, meters);
        privacy = new PrivacyParts(settings, store, meters);
        names = privacy.names();
        retention = new RetentionParts(settings.records(), store, clock);
        records = FlowRecords.start(
                settings.records().flows(),
                Version.text(),
                meters.recordsDropped("flow", DropReason.class, DropReason::label),
                retention.flows(),
                names::of);
        dnsRecords = dnsRecords(retention, names);
        facts = settings.context().map(DeviceContexts::new);
        facts.ifPresent(this::meter);
        inventory = Inventory.open(store, meters);
        Optional<DeviceFacts> deviceFacts = facts.map(table -> new DeviceFacts(table, inventory));
        quarantine = new QuarantineParts(settings, store, clock, meters);
        Waivers waivers = new Waivers(settings.analytics(), clock);
        enforcement = new Enforcement(settings.analytics(), waivers, quarantine::killed);
        PersonalProfiles personal =
                new PersonalProfiles(settings.privacy().personalProfiles(), PublicSuffixes.shipped()::registrable);
        findingWatch = new FindingWatch(settings.analytics()::mode, enforcement, personal, meters);
        troubles = new GatewayTroubles(store, facts, clock);
        services = services(settings);
        judges = new Judges(
                Listeners.unprotected(settings),
                new Rules(first, services),
                clock,
                deviceFacts.<FactSource>map(told -> told).orElse(FactSource.NOBODY),
                findingWatch,
                quarantine.overrules(),
                ExceptionTable.of(settings.exceptions(), troubles));
        meters.policyApplied(first);
        feed = new FlowFeed(settings.admin().flowEvents(), clock.millis());
        addressParts = new AddressParts(settings, clock, meters);
        IdentityFiles.prepare(settings);
        IdentityParts identity = new IdentityParts(settings.identity(), addressParts.book(), clock, meters);
        owners = new Owners(
                clock,
                meters.context().ownerReports(Source.class, Source::label, OwnerResult.class, OwnerResult::label));
        meters.table("owners", owners::size, owners::evicted);
        collectors = new CollectorServer(
                settings.collectors(),
                clock,
                owners::reported,
                meters.context().collectorPackets(PacketResult.class, PacketResult::label)::count);
        AroundFlows around = new AroundFlows(judges, inventory, facts);
        baselines = Baselines.start(settings.baselines().learning(), store, around, clock, meters);
        findings = new FindingParts(settings, store, judges, baselines, retention.findings(), names, clock, meters);
        retention.needed(findings.desk());
        Optional<ResponseSettings.Webhook> receiver = settings.response().webhook();
        webhook = receiver.isPresent()
                ? Optional.of(new WebhookParts(
                        receiver.get(), store, findings.desk(), quarantine, judges, names, clock, meters))
                : Optional.empty();
        findingFeed = new FindingFeed(settings.admin().flowEvents(), clock.millis());
        findings.desk().whenTold(findingFeed::told);
        factWatch = new FactWatch(judges, clock);
        knowledgeWatch = new KnowledgeWatch(
                judges,
                baselines::snapshot,
                baselines::decisions,
                settings.baselines().learning().minDays(),
                settings.identity().renewal(),
                around::build,
                clock);
        homes = detecting.isPresent() ? Optional.of(homes(detecting.get())) : Optional.empty();
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
        context = facts.isPresent() ? Optional.of(context(facts.get())) : Optional.empty();
        coverage = new Coverage(
                facts,
                settings.context(),
                settings.analytics().knobs().off(),
                meters.context().visibility(FactKind.class, FactKind::label, Known.class, Known::label),
                clock);
        evidence = new EvidenceParts(settings, store, coverage, names, clock, meters);
        shadow = new Shadow(clock);
        shadowBook = ShadowBook.open(shadow, store, clock, meters.storeErrors());
        meters.table("shadow", shadow::size, shadow::turnedAway);
        answers = new AnswerLog(settings.dns().answerLog(), clock::millis);
        meters.table("dns-answers", answers::size, answers::forgotten);
        reports = new FlowReports(
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
        verdicts = new Verdicts(judges, meters);
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
        policyWatch = new PolicyWatch(policy, judges, flows, verdicts, meters, clock);
    }

    private static int loops(GatewaySettings settings) {
        int asked = settings.runtime().eventLoops();
        return asked == 0 ? Runtime.getRuntime().availableProcessors() : asked;
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
            meters.context().evicted(source.name(), "device-contexts", () -> facts.crowdedOut(source.name()));
        }
    }

    private Homes homes(Detecting detecting) throws IOException {
        int threads = settings.runtime().detectionThreads();
        return Homes.open(
                threads == 0 ? detecting.settings() : detecting.settings().homes(threads),
                detecting.detections(),
                PublicSuffixes.shipped()::registrable,
                word -> {
                    Finding finding = names.called(word);
                    detecting.sink().found(finding);
                    findings.desk().found(finding, enforcement.action(finding, false), knowledgeWatch.version());
                },
                store,
                clock,
                meters);
    }

    private ContextParts context(DeviceContexts table) throws IOException {
        ContextSettings from = settings.context().orElseThrow();
        ToldOwners told = new ToldOwners(owners, from);
        return new ContextParts(from, settings.limits().tlsHandshakeTimeout(), store, clock, meters, event -> {
            table.tell(event);
            inventory.told(event);
            told.told(event);
            factWatch.told(event);
            // Before detection knows it. Not those that are kept: they were judged when they came.
            if (ready) {
                lateFacts.ifPresent(each -> each.told(event));
            }
            homes.ifPresent(each -> each.told(event));
        });
    }

    /** From now on what sources tell is new. */
    void ready() {
        ready = true;
    }
}
