package io.postern.gateway;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.postern.config.GatewaySettings;
import io.postern.gateway.admin.Api;
import io.postern.gateway.coverage.Coverage;
import io.postern.gateway.coverage.CoverageBook;
import io.postern.gateway.evidence.SigningKey;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.state.StateFiles;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What bundles of evidence rest on: a key, what is remembered of coverage, and a thread that reads files. */
final class EvidenceParts implements AutoCloseable {

    /** The profile of a device that is its user's own, as agents name it; see docs/evidence.md. */
    private static final String PERSONAL = "personal";

    private final SigningKey key;
    private final CoverageBook hours;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(new DefaultThreadFactory("evidence", true));

    /** @throws IOException when the key or the store cannot be read */
    EvidenceParts(GatewaySettings settings, Store store, Coverage coverage, Clock clock, Meters meters)
            throws IOException {
        key = SigningKey.at(StateFiles.evidenceKey(settings));
        hours = new CoverageBook(
                coverage,
                store,
                settings.evidence().coverageKept(),
                clock,
                meters.count("postern.coverage.store.errors", "Times it could not be stored what analytics can see"));
    }

    CoverageBook hours() {
        return hours;
    }

    Api.Evidence desk(EvidenceBundles.Sources from) {
        return new Api.Evidence(new EvidenceBundles(from, key, PERSONAL::equals), thread);
    }

    /** Stores what was counted. The store stays open. */
    @Override
    public void close() {
        thread.shutdownNow();
        hours.save();
    }
}
