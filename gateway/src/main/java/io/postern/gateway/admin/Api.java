package io.postern.gateway.admin;

import io.postern.gateway.access.Access;
import io.postern.gateway.coverage.Coverage;
import io.postern.gateway.http.Connections;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.records.OcsfFinding;
import io.postern.gateway.records.OcsfFlow;
import io.postern.gateway.shadow.Shadow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * What an {@link AdminListener} serves.
 *
 * @param hosts what a loopback listener may be called besides its addresses
 * @param known absent: only health and metrics
 */
public record Api(Health health, Meters meters, boolean loopback, List<String> hosts, Optional<Known> known) {

    public Api {
        hosts = List.copyOf(hosts);
    }

    /**
     * What is served to those who are known.
     *
     * @param offload where work is done that may block
     * @param reads where what changes nothing is looked up
     * @param names what devices are called
     * @param version of the product, as records name it
     */
    public record Known(
            Access access,
            PolicyDesk policy,
            AddressDesk addresses,
            BaselineDesk baselines,
            InventoryDesk inventory,
            QuarantineDesk quarantine,
            FindingReviews findings,
            FindingFeed findingFeed,
            Evidence evidence,
            Coverage coverage,
            Shadow shadow,
            Executor offload,
            Executor reads,
            FlowFeed feed,
            LiveFlows live,
            int streams,
            Pseudonyms names,
            DeviceDesk devices,
            String version) {}

    /** @param executor a thread of its own, for putting a bundle together may take seconds */
    public record Evidence(EvidenceDesk desk, Executor executor) {}

    /** Put together or waiting for it; each may be of many megabytes. */
    private static final int MAX_BUNDLES = 2;

    Gate gate(Connections connections) {
        List<Route> routes = new ArrayList<>(Routes.health(health));
        routes.add(Routes.metrics(meters));
        known.ifPresent(parts -> routes.addAll(routes(parts, connections)));
        return new Gate(
                routes,
                new Hosts(loopback, hosts),
                known.map(Known::access),
                known.map(Known::names).orElse(Pseudonyms.NONE));
    }

    private List<Route> routes(Known parts, Connections connections) {
        Pseudonyms names = parts.names();
        OcsfFlow ocsf = new OcsfFlow(parts.version(), names::of);
        EventStreams streams = new EventStreams(
                parts.streams(),
                connections,
                meters.count("postern.admin.stream.dropped", "Events that streams of flows were too slow for"));
        EventStreams findings = new EventStreams(
                parts.streams(),
                connections,
                meters.count(
                        "postern.admin.findings.stream.dropped", "Events that streams of findings were too slow for"));
        meters.watch(
                "postern.admin.streams",
                "Clients that follow flows or findings",
                () -> streams.count() + findings.count());
        parts.access().whenAdopted(() -> {
            streams.end();
            findings.end();
        });
        Work work = new Work(parts.offload(), parts.reads());
        return Routes.known(
                new PolicyPages(parts.policy(), work),
                new AddressPages(parts.addresses(), work, names),
                new BaselinePages(parts.baselines(), work),
                new InventoryPages(parts.inventory(), work, names),
                new QuarantinePages(parts.quarantine(), work, names),
                new KillSwitchPages(parts.quarantine(), work),
                new CoveragePages(parts.coverage()),
                new ShadowPages(parts.shadow(), work, names),
                new FindingPages(
                        parts.findings(),
                        parts.findingFeed(),
                        findings,
                        new OcsfFinding(parts.version(), names::of),
                        work),
                new EvidencePages(
                        parts.evidence().desk(), new Work(parts.evidence().executor(), MAX_BUNDLES)),
                new ExplainPages(parts.findings(), parts.feed(), parts.live(), work, names),
                new FlowPages(parts.feed(), parts.live(), streams, ocsf),
                new DevicePages(parts.devices(), work));
    }
}
