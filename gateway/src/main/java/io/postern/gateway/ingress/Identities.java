package io.postern.gateway.ingress;

import io.postern.analytics.flow.AppTag;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.ingress.TagVerifier.Outcome;
import io.postern.gateway.ingress.TagVerifier.Reason;
import io.postern.wire.ip.AddressText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Who asks, and may they ask for this? Turns the credentials of a request into an {@link AppTag}, or into nothing.
 *
 * <p>An authentic tag past its time opens the renewal allow-set and nothing else: a fleet must not go dark by a date.
 */
public final class Identities {

    private static final String BASIC = "basic ";
    /** Both halves of a compact tag, the colon, in base64. */
    private static final int MAX_BASIC = 700;

    private final TagVerifier verifier;
    private final boolean admitUnattributed;
    private final Set<String> renewal;
    private final Consumer<Reason> rejected;

    /**
     * @param renewal {@code host} or {@code host:port} of what an expired tag may still reach
     * @param rejected told why a tag was not accepted
     */
    public Identities(
            TagVerifier verifier, boolean admitUnattributed, List<String> renewal, Consumer<Reason> rejected) {
        this.verifier = verifier;
        this.admitUnattributed = admitUnattributed;
        this.renewal = Set.copyOf(renewal);
        this.rejected = rejected;
    }

    /**
     * @param credentials the values of {@code Proxy-Authorization}, as sent
     * @return empty when the client must be told to authenticate
     */
    public Optional<AppTag> identify(List<String> credentials, Destination destination) {
        Outcome outcome = credentials.size() == 1 ? basic(credentials.get(0)) : noTag(credentials);
        if (outcome instanceof Outcome.Verified verified) {
            return Optional.of(verified.tag());
        }
        if (outcome instanceof Outcome.Expired expired) {
            rejected.accept(Reason.EXPIRED);
            return renews(destination) ? Optional.of(expired.tag()) : unattributed(Reason.EXPIRED);
        }
        Reason reason = ((Outcome.Rejected) outcome).reason();
        if (reason != Reason.MISSING || !admitUnattributed) {
            rejected.accept(reason);
        }
        return unattributed(reason);
    }

    /** A bad tag is no better than none, and recorded as what it is. */
    private Optional<AppTag> unattributed(Reason reason) {
        if (!admitUnattributed) {
            return Optional.empty();
        }
        return Optional.of(reason == Reason.MISSING ? AppTag.UNATTRIBUTED : AppTag.INVALID);
    }

    private Outcome noTag(List<String> credentials) {
        return new Outcome.Rejected(credentials.isEmpty() ? Reason.MISSING : Reason.MALFORMED);
    }

    private Outcome basic(String credentials) {
        if (credentials.length() > MAX_BASIC || !credentials.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return new Outcome.Rejected(Reason.MALFORMED);
        }
        byte[] decoded;
        try {
            decoded = Base64.getDecoder()
                    .decode(credentials.substring(BASIC.length()).trim());
        } catch (IllegalArgumentException notBase64) {
            return new Outcome.Rejected(Reason.MALFORMED);
        }
        String pair = new String(decoded, StandardCharsets.ISO_8859_1);
        int colon = pair.indexOf(':');
        return colon < 0
                ? new Outcome.Rejected(Reason.MALFORMED)
                : verifier.verify(new CompactTag(pair.substring(0, colon), pair.substring(colon + 1)));
    }

    private boolean renews(Destination destination) {
        String host = destination
                .name()
                .orElseGet(() -> AddressText.of(destination.address().orElseThrow()));
        return renewal.contains(host) || renewal.contains(host + ":" + destination.port());
    }
}
