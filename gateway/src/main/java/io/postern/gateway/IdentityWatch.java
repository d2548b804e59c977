package io.postern.gateway;

import io.postern.config.GatewaySettings;
import io.postern.config.ListenSettings;
import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.identity.Identities;
import io.postern.gateway.identity.IdentityFiles;
import io.postern.gateway.identity.Proofs;
import io.postern.gateway.identity.Revoked;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.rules.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings new keys of tokens and new revocations into force, and ends the live flows of who has been revoked. Files that
 * do not read change nothing; the last good ones stay.
 *
 * <p>Looks at their times and sizes every second, as {@link PolicyWatch} does, and for its reasons. Runs on the offload
 * thread, never on an event loop.
 */
final class IdentityWatch {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityWatch.class);

    /** Files that were refused are read again that often: they may only have been out of reach for a moment. */
    private static final int LOOKS_AGAIN = 30;

    /** What tells that a file is another one, or says something else. */
    record Stamp(Path real, FileTime changed, long size) {}

    private final GatewaySettings.Identity settings;
    private final Proofs proofs;
    private final Identities identities;
    private final Flows flows;
    private final Meters meters;
    private List<Stamp> seen;
    private List<Problem> told = List.of();
    private boolean refused;
    private int looks;

    /** @param seen {@link #stamps} from before the files were read: what changed meanwhile must not be missed */
    IdentityWatch(
            GatewaySettings.Identity settings,
            List<Stamp> seen,
            Proofs proofs,
            Identities identities,
            Flows flows,
            Meters meters) {
        this.settings = settings;
        this.seen = seen;
        this.proofs = proofs;
        this.identities = identities;
        this.flows = flows;
        this.meters = meters;
    }

    /** The next look reads the files, changed or not. */
    void again() {
        seen = List.of();
        refused = true;
        looks = LOOKS_AGAIN - 1;
    }

    void look() {
        List<Stamp> now = stamps(settings);
        if (now.equals(seen) && (!refused || ++looks % LOOKS_AGAIN != 0)) {
            return;
        }
        seen = now;
        Reading<IdentityFiles> reading = IdentityFiles.read(settings);
        if (reading.value().isEmpty()) {
            refuse(reading.problems());
            return;
        }
        refused = false;
        told = List.of();
        IdentityFiles files = reading.value().get();
        files.tokens().ifPresent(proofs::adopt);
        Revoked revoked = files.revoked();
        identities.revoke(revoked);
        identities.assign(files.addresses());
        flows.each(flow -> end(flow, revoked));
        meters.identityReloaded(true);
        LOG.info(
                "keys, revocations and addresses in force revoked={} addresses={}",
                revoked.size(),
                files.addresses().size());
    }

    /** The same problems are told once, however often they are seen. */
    private void refuse(List<Problem> problems) {
        refused = true;
        if (!problems.equals(told)) {
            told = problems;
            meters.identityReloaded(false);
            LOG.warn("keys and revocations refused, the last good ones stay in force:");
            problems.stream().map(Problem::toString).forEach(LOG::warn);
        }
    }

    private void end(LiveFlow flow, Revoked revoked) {
        if (flow.live() && flow.identity().filter(revoked::covers).isPresent()) {
            end(flow, "revoked");
        } else if (flow.live()
                && flow.listener().type() == ListenSettings.Ingress.TRANSPARENT
                && flow.tag().attributed()
                && !identities.stillBelongs(flow.client().getAddress(), flow.tag())) {
            end(flow, "address-reassigned");
        }
    }

    private static void end(LiveFlow flow, String reason) {
        flow.decided(Decision.block(reason));
        flow.stop(CloseReason.BLOCKED);
    }

    static List<Stamp> stamps(GatewaySettings.Identity settings) {
        List<Path> files = new ArrayList<>();
        settings.jwt().map(GatewaySettings.Jwt::jwksFile).ifPresent(files::add);
        settings.revokedFile().ifPresent(files::add);
        settings.addressesFile().ifPresent(files::add);
        return files.stream()
                .map(IdentityWatch::stamp)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Stamp> stamp(Path file) {
        try {
            return Optional.of(new Stamp(file.toRealPath(), Files.getLastModifiedTime(file), Files.size(file)));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
