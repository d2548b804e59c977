package io.postern.gateway.identity;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.wire.ip.AddressText;
import io.postern.wire.ip.HostText;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Who asks, and may they ask for this? Turns what a client shows into an {@link Identity}, or into nothing.
 *
 * <p>An authentic tag past its time opens the renewal allow-set and nothing else: a fleet must not go dark by a date.
 *
 * <p>A client certificate that names a device proves the device by itself, and makes a tag of the same device worth
 * more. One that names another device than the tag does is a conflict, and the tag is not taken.
 */
public final class Identities {

    /**
     * What becomes of those that cannot say who they are.
     *
     * @param admit they are let in as unattributed
     * @param renewal {@code host} or {@code host:port} of what an expired tag may still reach
     */
    public record Terms(boolean admit, Set<String> renewal) {
        public Terms(boolean admit, List<String> renewal) {
            this(admit, Set.copyOf(renewal));
        }
    }

    private final Proofs proofs;
    private final Terms terms;
    private final Clock clock;
    private final Consumer<Reason> rejected;
    private volatile Revoked revoked;

    /** @param rejected told why a credential was not accepted */
    public Identities(Proofs proofs, Revoked revoked, Terms terms, Clock clock, Consumer<Reason> rejected) {
        this.proofs = proofs;
        this.revoked = revoked;
        this.terms = terms;
        this.clock = clock;
        this.rejected = rejected;
    }

    /** Another list from now on; flows that live are the caller's to end. */
    public void revoke(Revoked list) {
        revoked = list;
    }

    /**
     * @param certificate what the client showed in its TLS handshake
     * @param host where it wants to go, never refused text
     * @return empty when the client must be told to authenticate
     */
    public Optional<Identity> identify(
            Credentials shown, Optional<ClientCertificate> certificate, HostText host, int port) {
        Proof proof = proofs.of(shown);
        if (proof instanceof Proof.Authentic authentic) {
            return authentic(authentic, certificate, host, port);
        }
        Reason reason = ((Proof.Refused) proof).reason();
        Optional<String> device = certificate.flatMap(ClientCertificate::device);
        if (reason == Reason.MISSING && device.isPresent()) {
            AppTag tag = new AppTag(
                    device.get(), AppTag.NOBODY, AppTag.NOBODY, DeviceAssurance.MTLS_BOUND, AppAssurance.NONE);
            Identity identity = new Identity(tag, Optional.empty(), certificate);
            return revoked.covers(identity) ? refused(Reason.REVOKED) : Optional.of(identity);
        }
        return refused(reason);
    }

    private Optional<Identity> authentic(
            Proof.Authentic proof, Optional<ClientCertificate> certificate, HostText host, int port) {
        boolean bound = certificate
                .map(ClientCertificate::thumbprint)
                .filter(proof.boundTo().orElse("")::equals)
                .isPresent();
        if (proof.boundTo().isPresent() && !bound) {
            return refused(Reason.UNBOUND);
        }
        Optional<String> device = certificate.flatMap(ClientCertificate::device);
        if (device.isPresent() && !device.get().equals(proof.device())) {
            return refused(Reason.CONFLICT);
        }
        AppTag tag = new AppTag(
                proof.device(),
                proof.profile(),
                proof.app(),
                bound || device.isPresent() ? DeviceAssurance.MTLS_BOUND : DeviceAssurance.TAG_VERIFIED,
                proof.app().equals(AppTag.NOBODY) ? AppAssurance.NONE : AppAssurance.DEVICE_ASSERTED);
        Identity identity = new Identity(tag, Optional.of(proof), certificate);
        if (revoked.covers(identity)) {
            return refused(Reason.REVOKED);
        }
        long now = clock.millis();
        if (now < proof.fromMillis()) {
            return refused(Reason.NOT_YET);
        }
        if (now < proof.expiryMillis()) {
            return Optional.of(identity);
        }
        if (!renews(host, port)) {
            return refused(Reason.EXPIRED);
        }
        rejected.accept(Reason.EXPIRED);
        return Optional.of(identity);
    }

    /** A bad tag is no better than none, and recorded as what it is. */
    private Optional<Identity> refused(Reason reason) {
        if (reason != Reason.MISSING || !terms.admit()) {
            rejected.accept(reason);
        }
        if (!terms.admit()) {
            return Optional.empty();
        }
        return Optional.of(Identity.of(reason == Reason.MISSING ? AppTag.UNATTRIBUTED : AppTag.INVALID));
    }

    private boolean renews(HostText host, int port) {
        String text =
                host instanceof HostText.Name name ? name.name() : AddressText.of(((HostText.Literal) host).address());
        return terms.renewal().contains(text) || terms.renewal().contains(text + ":" + port);
    }
}
