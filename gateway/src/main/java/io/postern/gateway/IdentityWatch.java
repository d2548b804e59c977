package io.postern.gateway;

import io.postern.config.GatewaySettings;
import io.postern.config.ListenSettings;
import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.identity.Identities;
import io.postern.gateway.identity.Identity;
import io.postern.gateway.identity.IdentityFiles;
import io.postern.gateway.identity.InnerAddresses;
import io.postern.gateway.identity.Proofs;
import io.postern.gateway.identity.Revoked;
import io.postern.gateway.identity.TagKeyMaterial;
import io.postern.gateway.identity.TagVerifier;
import io.postern.gateway.identity.TokenVerifier;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.rules.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings new keys of tags and tokens, new revocations and new owners of addresses into force, and ends the live flows of
 * who has been revoked, or whose address is another's now. Each file goes its own way: one that does not read changes
 * nothing, its last good one stays, and the others are adopted all the same, for a revocation must not wait for a key.
 *
 * <p>Looks at their times and sizes every second, as {@link PolicyWatch} does, and for its reasons. Runs on the offload
 * thread, never on an event loop.
 */
final class IdentityWatch {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityWatch.class);

    /** A file that was refused is read again that often: it may only have been out of reach for a moment. */
    private static final int LOOKS_AGAIN = 30;

    /** What tells that a file is another one, or says something else. */
    record Stamp(Path real, FileTime changed, long size) {}

    private final Proofs proofs;
    private final Identities identities;
    private final Flows flows;
    private final Meters meters;
    private final List<Watched<?>> files = new ArrayList<>();
    private final String tenant;
    private final Map<String, TagKeyMaterial> tagKeys = new LinkedHashMap<>();

    /**
     * @param seen {@link #stamps} from before the files were read: what changed meanwhile must not be missed
     * @param tagKeys that were read
     */
    IdentityWatch(
            GatewaySettings.Identity settings,
            Map<Path, Stamp> seen,
            List<TagKeyMaterial> tagKeys,
            Proofs proofs,
            Identities identities,
            Flows flows,
            Meters meters) {
        this.proofs = proofs;
        this.identities = identities;
        this.flows = flows;
        this.meters = meters;
        this.tenant = settings.tenant();
        tagKeys.forEach(key -> this.tagKeys.put(key.id(), key));
        settings.tagKeys()
                .forEach(key ->
                        files.add(new Watched<>(key.secretFile(), seen, () -> IdentityFiles.tagKey(key), this::adopt)));
        Path list = settings.revokedFile();
        files.add(new Watched<>(list, seen, () -> IdentityFiles.revoked(list), this::adopt));
        settings.jwt()
                .ifPresent(jwt ->
                        files.add(new Watched<>(jwt.jwksFile(), seen, () -> IdentityFiles.tokens(jwt), this::adopt)));
        settings.addressesFile()
                .ifPresent(
                        file -> files.add(new Watched<>(file, seen, () -> IdentityFiles.addresses(file), this::adopt)));
        meters.watch(
                "postern.identity.refused",
                "Files of keys, revocations and addresses that do not read, so that their last good ones are in force",
                () -> files.stream().filter(Watched::bad).count());
    }

    /** The next look reads the files, changed or not. */
    void again() {
        files.forEach(Watched::again);
    }

    void look() {
        files.forEach(Watched::look);
    }

    private void adopt(Revoked revoked) {
        identities.revoke(revoked);
        flows.each(flow -> end(flow, revoked));
        LOG.info("revocations in force revoked={}", revoked.size());
    }

    private void adopt(TagKeyMaterial key) {
        tagKeys.put(key.id(), key);
        proofs.adopt(new TagVerifier(tenant, List.copyOf(tagKeys.values())));
        LOG.info("key of tags in force key={}", key.id());
    }

    private void adopt(TokenVerifier tokens) {
        proofs.adopt(tokens);
        LOG.info("keys of tokens in force");
    }

    private void adopt(InnerAddresses addresses) {
        identities.assign(addresses);
        reassigned();
        LOG.info("addresses in force addresses={}", addresses.size());
    }

    /** Ends the live flows of addresses that belong to somebody else now, or to nobody. */
    void reassigned() {
        flows.each(this::endReassigned);
    }

    private static void end(LiveFlow flow, Revoked revoked) {
        if (flow.live() && flow.background().identity().filter(revoked::covers).isPresent()) {
            end(flow, "revoked");
        }
    }

    private void endReassigned(LiveFlow flow) {
        if (flow.live()
                && flow.listener().type() == ListenSettings.Ingress.TRANSPARENT
                && flow.tag().attributed()
                && !flow.background()
                        .identity()
                        .map(Identity::tag)
                        .filter(tag -> identities.stillBelongs(flow.client().getAddress(), tag))
                        .isPresent()) {
            end(flow, "address-reassigned");
        }
    }

    private static void end(LiveFlow flow, String reason) {
        flow.decided(Decision.block(reason));
        flow.stop(CloseReason.BLOCKED);
    }

    static Map<Path, Stamp> stamps(GatewaySettings.Identity settings) {
        Map<Path, Stamp> stamps = new HashMap<>();
        Stream.concat(
                        settings.tagKeys().stream().map(GatewaySettings.TagKey::secretFile),
                        Stream.of(
                                        settings.jwt().map(GatewaySettings.Jwt::jwksFile),
                                        Optional.of(settings.revokedFile()),
                                        settings.addressesFile())
                                .flatMap(Optional::stream))
                .forEach(file -> stamp(file).ifPresent(stamp -> stamps.put(file, stamp)));
        return stamps;
    }

    private static Optional<Stamp> stamp(Path file) {
        try {
            return Optional.of(new Stamp(file.toRealPath(), Files.getLastModifiedTime(file), Files.size(file)));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** One of the files. */
    private final class Watched<T> {

        private final Path file;
        private final Supplier<Reading<T>> reader;
        private final Consumer<T> adopter;
        private Optional<Stamp> seen;
        /** Read by scrapes, too. */
        private volatile List<Problem> told = List.of();

        private boolean refused;
        private int looks;

        Watched(Path file, Map<Path, Stamp> seen, Supplier<Reading<T>> reader, Consumer<T> adopter) {
            this.file = file;
            this.reader = reader;
            this.adopter = adopter;
            this.seen = Optional.ofNullable(seen.get(file));
        }

        void again() {
            refused = true;
            looks = LOOKS_AGAIN - 1;
        }

        /** Whether it does not read, so that what is in force is not what it says. */
        boolean bad() {
            return !told.isEmpty();
        }

        void look() {
            Optional<Stamp> now = stamp(file);
            if (now.equals(seen) && (!refused || ++looks % LOOKS_AGAIN != 0)) {
                return;
            }
            seen = now;
            Reading<T> reading = reader.get();
            if (reading.value().isEmpty()) {
                refuse(reading.problems());
                return;
            }
            refused = false;
            told = List.of();
            adopter.accept(reading.value().get());
            meters.identityReloaded(true);
        }

        /** The same problems are told once, however often they are seen. */
        private void refuse(List<Problem> problems) {
            refused = true;
            if (!problems.equals(told)) {
                told = problems;
                meters.identityReloaded(false);
                LOG.warn("{} refused, the last good one stays in force:", file);
                problems.stream().map(Problem::toString).forEach(LOG::warn);
            }
        }
    }
}
