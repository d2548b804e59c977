package io.postern.gateway;

import io.postern.config.GatewaySettings;
import io.postern.config.document.Reading;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.identity.AddressBook;
import io.postern.gateway.identity.ClientPrint.Trait;
import io.postern.gateway.identity.Expiries;
import io.postern.gateway.identity.Expiries.Remaining;
import io.postern.gateway.identity.Identities;
import io.postern.gateway.identity.IdentityFiles;
import io.postern.gateway.identity.Proofs;
import io.postern.gateway.identity.Reason;
import io.postern.gateway.identity.Revoked;
import io.postern.gateway.identity.TagKeyMaterial;
import io.postern.gateway.identity.TagVerifier;
import io.postern.gateway.identity.TagWatch;
import io.postern.gateway.identity.TokenVerifier;
import io.postern.gateway.meters.Meters;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who is it: what verifies, remembers and watches credentials, put together from the settings. */
final class IdentityParts {

    private final GatewaySettings.Identity settings;
    private final Meters meters;
    private final Map<Path, IdentityWatch.Stamp> stamps;
    private final List<TagKeyMaterial> tagKeys;
    private final Proofs proofs;
    private final Identities identities;
    private final TagWatch tags;

    /** @throws IOException when a file cannot be read or says something else */
    IdentityParts(GatewaySettings.Identity settings, AddressBook addresses, Clock clock, Meters meters)
            throws IOException {
        this.settings = settings;
        this.meters = meters;
        // Before the files: what changes from here on is read again.
        stamps = IdentityWatch.stamps(settings);
        Optional<TokenVerifier> tokens = settings.jwt().isPresent()
                ? Optional.of(good(IdentityFiles.tokens(settings.jwt().get())))
                : Optional.empty();
        Revoked revoked = good(IdentityFiles.revoked(settings.revokedFile()));
        if (settings.addressesFile().isPresent()) {
            addresses.adopt(
                    good(IdentityFiles.addresses(settings.addressesFile().get())));
        }
        tagKeys = tagKeys(settings);
        proofs = new Proofs(new TagVerifier(settings.tenant(), tagKeys), tokens);
        identities = new Identities(
                proofs,
                revoked,
                addresses,
                new Identities.Terms(settings.unattributed() == GatewaySettings.Unattributed.ADMIT, settings.renewal()),
                clock,
                meters.tagsRejected(Reason.class, Reason::label)::count);
        tags = new TagWatch(clock, meters.tagConflicts(Trait.class, Trait::label)::count);
        meters.table("tags", tags::size, tags::evicted);
        meters.watch(
                "postern.tags.remembered", "Verified tags and tokens kept for their next flow", proofs::remembered);
        Expiries expiries = new Expiries(proofs, clock);
        meters.watchEach(
                "postern.tags.expiring",
                "Compact tags seen within the last 7 days, by the time the last one of each device, profile and app has left",
                "within",
                Remaining.class,
                Remaining::label,
                expiries::count);
    }

    Identities identities() {
        return identities;
    }

    TagWatch tags() {
        return tags;
    }

    /** Reads keys and revocations again when they change. */
    IdentityWatch watch(Flows flows) {
        return new IdentityWatch(settings, stamps, tagKeys, proofs, identities, flows, meters);
    }

    private static List<TagKeyMaterial> tagKeys(GatewaySettings.Identity settings) throws IOException {
        List<TagKeyMaterial> keys = new ArrayList<>();
        for (GatewaySettings.TagKey key : settings.tagKeys()) {
            keys.add(good(IdentityFiles.tagKey(key)));
        }
        return keys;
    }

    private static <T> T good(Reading<T> reading) throws IOException {
        return reading.value()
                .orElseThrow(() -> new IOException(reading.problems().get(0).toString()));
    }
}
