package io.postern.gateway.enrolment;

import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.identity.TagKeyMaterial;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client profile is made of.
 *
 * @param tags by package, in the order asked for, {@link #DEVICE_ITSELF} last unless it was asked for
 * @param offer what it has in common with all others of one run
 */
public record Enrolment(Enrollee who, Map<String, CompactTag> tags, Offer offer) {

    /** The package of a tag that says only which device speaks. */
    public static final String DEVICE_ITSELF = "-";

    /**
     * Where the gateways are, and what clients must know to reach them.
     *
     * @param gateways one at least, the preferred first
     * @param until when the tags expire
     * @param ca the file of certificates as named
     * @param certificates its lines, empty without a file
     * @param peerKey the public key of the gateway's side of a WireGuard tunnel
     * @param nameServers asked inside a WireGuard tunnel
     * @param client whose managed configuration it is
     */
    public record Offer(
            List<GatewayAddress> gateways,
            Instant until,
            Optional<Path> ca,
            List<String> certificates,
            Optional<String> peerKey,
            List<String> nameServers,
            VpnClient client) {
        public Offer {
            gateways = List.copyOf(gateways);
            certificates = List.copyOf(certificates);
            nameServers = List.copyOf(nameServers);
        }

        /** Another for all that devices would have to learn anew, the expiry apart: hex SHA-256. */
        public String digest(String tenant) {
            List<String> parts = new ArrayList<>(List.of(tenant, client.name(), peerKey.orElse("")));
            parts.add(ca.map(Path::toString).orElse(""));
            gateways.forEach(gateway ->
                    parts.add(gateway.way() + " " + gateway.authority() + (gateway.carriesDatagrams() ? " udp" : "")));
            parts.addAll(nameServers);
            parts.addAll(certificates);
            try {
                byte[] text = String.join("\n", parts).getBytes(StandardCharsets.UTF_8);
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(text));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }

        /** Whether clients may send datagrams, whichever gateway they are on. */
        boolean carriesDatagrams() {
            return gateways.stream().allMatch(GatewayAddress::carriesDatagrams);
        }

        /** The certificates as one PEM text, empty without any. */
        String pem() {
            return certificates.isEmpty() ? "" : String.join("\n", certificates) + "\n";
        }
    }

    /** Signs a tag for each app, and one for the device itself. */
    public static Enrolment sign(Enrollee who, TagKeyMaterial key, String tenant, Offer offer) {
        LinkedHashSet<String> speakers = new LinkedHashSet<>(who.apps());
        speakers.add(DEVICE_ITSELF);
        Map<String, CompactTag> tags = new LinkedHashMap<>();
        for (String app : speakers) {
            tags.put(
                    app,
                    CompactTag.sign(
                            key,
                            tenant,
                            who.device(),
                            who.profile(),
                            app,
                            offer.until().getEpochSecond()));
        }
        return new Enrolment(who, tags, offer);
    }

    CompactTag tag(String app) {
        return Optional.ofNullable(tags.get(app)).orElseThrow();
    }

    /** What outbounds and proxies with a tag are called. */
    static String name(String app) {
        return app.equals(DEVICE_ITSELF) ? "unattributed" : "app-" + app;
    }
}
