package io.postern.gateway;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.Change;
import io.postern.config.EvidenceSettings;
import io.postern.config.GatewaySettings;
import io.postern.gateway.admin.Api;
import io.postern.gateway.audit.AuditEntry;
import io.postern.gateway.capture.CaptureFolder;
import io.postern.gateway.capture.Captures;
import io.postern.gateway.coverage.Coverage;
import io.postern.gateway.coverage.CoverageBook;
import io.postern.gateway.evidence.SigningKey;
import io.postern.gateway.finding.FindingDesk;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.state.StateFiles;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What bundles of evidence rest on: a key, what is remembered of coverage, and a thread that reads files. */
final class EvidenceParts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EvidenceParts.class);

    /** As agents name a device's profile that is its user's own; what leaves the house is less of it, whatever the settings name. */
    private static final String PERSONAL = "personal";

    private final Predicate<String> personal;
    private final SigningKey key;
    private final CoverageBook hours;
    private final Optional<Captures> captures;
    private final EvidenceSettings settings;
    private final Path folder;
    private final Clock clock;
    private final Answerable answerable = new Answerable("nothing is captured");
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(new DefaultThreadFactory("evidence", true));

    /** @throws IOException when the key or the store cannot be read */
    EvidenceParts(
            GatewaySettings settings, Store store, Coverage coverage, Pseudonyms names, Clock clock, Meters meters)
            throws IOException {
        Set<String> named = settings.privacy().personalProfiles();
        personal = profile -> profile.equals(PERSONAL) || named.contains(profile);
        key = SigningKey.at(StateFiles.evidenceKey(settings));
        hours = new CoverageBook(
                coverage,
                store,
                settings.evidence().coverageKept(),
                clock,
                meters.count("postern.coverage.store.errors", "Times it could not be stored what analytics can see"));
        this.settings = settings.evidence();
        folder = StateFiles.captures(settings);
        this.clock = clock;
        captures = this.settings.capture().isPresent()
                ? Optional.of(new Captures(
                        this.settings.capture().get(),
                        folder,
                        "Postern " + Version.text(),
                        clock,
                        meters.count(
                                "postern.capture.dropped", "What was to be captured and was not, for want of room"),
                        meters.count("postern.capture.bytes", "Bytes of packets that were captured"),
                        names::of))
                : Optional.empty();
        captures.ifPresent(all ->
                meters.watch("postern.capture.armed", "Apps with a finding whose next flows are captured", all::armed));
        captures.ifPresent(all -> meters.watch(
                "postern.captures",
                "Captures on the disk",
                () -> all.folder().list().size()));
    }

    /** From now on findings have their apps captured, where that is switched on; never what is a person's own. */
    void watch(FindingDesk findings) {
        captures.ifPresent(all -> findings.whenTold(told -> told.kept()
                .filter(kept -> told.change() == Change.CREATE || told.change() == Change.REOPEN)
                .filter(kept -> kept.finding().severity() != Finding.Severity.LOW)
                .filter(kept -> !personal.test(kept.finding().key().profile()))
                .filter(kept -> answerable.recorded())
                .ifPresent(kept -> all.found(kept.uid(), kept.finding().key()))));
    }

    /** A flow's upstream is reached; on its loop. */
    void reached(LiveFlow flow) {
        captures.ifPresent(all -> all.reached(flow));
    }

    /** See {@link Captures#forget}; also where captures are kept of when they were made. */
    long forget(String device, Set<String> names) throws IOException {
        return captures.isPresent()
                ? captures.get().forget(device, names)
                : new CaptureFolder(folder, Duration.ZERO, clock).forget(names);
    }

    /** Not for an event loop. */
    void look() {
        hours.save();
        captures.ifPresent(Captures::look);
        answerable.look();
    }

    /** Says who answers for what is captured. */
    private void tellPurpose(AdminAudit audit) {
        settings.capture().ifPresent(capture -> {
            LOG.warn(
                    "flows of apps that have a finding are captured purpose=\"{}\" approver=\"{}\" until={}",
                    capture.purpose(),
                    capture.approver(),
                    capture.until());
            answerable.tell(
                    audit.log(),
                    AuditEntry.ofSettings(
                            audit.clock().instant(),
                            capture.approver(),
                            "evidence.capture",
                            "start",
                            "until " + capture.until() + "; " + capture.purpose()));
        });
    }

    CoverageBook hours() {
        return hours;
    }

    Api.Evidence desk(EvidenceBundles.Sources from) {
        tellPurpose(from.audit());
        return new Api.Evidence(new EvidenceBundles(from, captures.map(Captures::folder), key, personal), thread);
    }

    /** Stores what was counted. The store stays open. */
    @Override
    public void close() {
        thread.shutdownNow();
        captures.ifPresent(Captures::close);
        hours.save();
    }
}
