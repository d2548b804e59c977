package io.postern.gateway.identity;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.wire.ip.AddressText;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
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
     * @param renewal {@code host} or {@code host:port} of what an expired tag may still reach, IPv6 in brackets
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
    private final AddressBook addresses;

    /** @param rejected told why a credential was not accepted */
    public Identities(
            Proofs proofs,
            Revoked revoked,
            AddressBook addresses,
            Terms terms,
            Clock clock,
            Consumer<Reason> rejected) {
        this.proofs = proofs;
        this.revoked = revoked;
        this.addresses = addresses;
        this.terms = terms;
        this.clock = clock;
        this.rejected = rejected;
    }

    /** Another list from now on; flows that live are the caller's to end. */
    public void revoke(Revoked list) {
        revoked = list;
    }

    /** Other owners of addresses from now on; flows that live are the caller's to end. */
    public void assign(InnerAddresses table) {
        addresses.adopt(table);
    }

    /** Whose an inner address is, unless that is revoked; for what comes too often to be told of each time. */
    public Optional<AppTag> owner(InetAddress address) {
        return addresses.find(address).filter(tag -> !revoked.covers(Identity.of(tag)));
    }

    /** Whose a client certificate is, unless that is revoked or it names no device. */
    public Optional<AppTag> owner(ClientCertificate certificate) {
        Examined examined = examine(Credentials.NONE, Optional.of(certificate));
        return examined instanceof Examined.Good good
                ? Optional.of(good.identity().tag())
                : Optional.empty();
    }

    /**
     * Whose credentials are, where it is not known yet what they are wanted for; see {@link #mayAsk}.
     *
     * @return empty when the client must be refused, which is counted
     */
    public Optional<Identity> whose(Credentials shown, Optional<ClientCertificate> certificate) {
        Examined examined = examine(shown, certificate);
        return examined instanceof Examined.Good good
                ? Optional.of(good.identity())
                : refused(((Examined.Refused) examined).reason());
    }

    /** Whether it may find a name: past its time only what renews credentials, which is counted. */
    public boolean mayAsk(Identity identity, String name) {
        if (!expired(identity)) {
            return true;
        }
        rejected.accept(Reason.EXPIRED);
        return terms.admit()
                || terms.renewal().stream().anyMatch(host -> host.equals(name) || host.startsWith(name + ":"));
    }

    /** Whether those that cannot say who they are are let in. */
    public boolean admits() {
        return terms.admit();
    }

    /** Whether an address still belongs to whom it belonged to when a flow from it began. */
    public boolean stillBelongs(InetAddress address, AppTag tag) {
        return addresses.find(address).filter(tag::equals).isPresent();
    }

    /**
     * @param certificate what the client showed in its TLS handshake
     * @param host where it wants to go, never refused text
     * @return empty when the client must be told to authenticate
     */
    public Optional<Identity> identify(
            Credentials shown, Optional<ClientCertificate> certificate, HostText host, int port) {
        Examined examined = examine(shown, certificate);
        if (examined instanceof Examined.Refused refused) {
            return refused(refused.reason());
        }
        Identity identity = ((Examined.Good) examined).identity();
        if (!expired(identity)) {
            return Optional.of(identity);
        }
        if (!renews(host, port)) {
            return refused(Reason.EXPIRED);
        }
        rejected.accept(Reason.EXPIRED);
        return Optional.of(identity);
    }

    /**
     * Whether there is anything that these credentials open: for ways in that ask for them before they hear where to.
     * What opens nothing is counted here, everything else by {@link #identify}.
     */
    public boolean openAnything(Credentials shown, Optional<ClientCertificate> certificate) {
        Examined examined = examine(shown, certificate);
        if (examined instanceof Examined.Refused refused
                && (!terms.admit() || refused.reason().always())) {
            rejected.accept(refused.reason());
            return false;
        }
        if (examined instanceof Examined.Good good
                && !terms.admit()
                && terms.renewal().isEmpty()
                && expired(good.identity())) {
            rejected.accept(Reason.EXPIRED);
            return false;
        }
        return true;
    }

    /** What credentials are worth, their expiry apart. */
    private sealed interface Examined {
        record Good(Identity identity) implements Examined {}

        record Refused(Reason reason) implements Examined {}
    }

    private Examined examine(Credentials shown, Optional<ClientCertificate> certificate) {
        if (certificate.filter(revoked::covers).isPresent()) {
            return new Examined.Refused(Reason.REVOKED);
        }
        Examined examined;
        if (shown instanceof Credentials.Word word) {
            examined = believed(word, certificate);
        } else if (shown instanceof Credentials.Inner inner) {
            examined = addresses
                    .find(inner.address())
                    .<Examined>map(tag -> new Examined.Good(Identity.of(tag)))
                    .orElse(new Examined.Refused(Reason.MISSING));
        } else {
            Proof proof = proofs.of(shown);
            examined = proof instanceof Proof.Authentic authentic
                    ? authentic(authentic, certificate)
                    : unproven(((Proof.Refused) proof).reason(), certificate);
        }
        return examined instanceof Examined.Good good && revoked.covers(good.identity())
                ? new Examined.Refused(Reason.REVOKED)
                : examined;
    }

    private Examined authentic(Proof.Authentic proof, Optional<ClientCertificate> certificate) {
        boolean bound = certificate
                .map(ClientCertificate::thumbprint)
                .filter(proof.boundTo().orElse("")::equals)
                .isPresent();
        if (proof.boundTo().isPresent() && !bound) {
            return new Examined.Refused(Reason.UNBOUND);
        }
        Optional<String> device = certificate.flatMap(ClientCertificate::device);
        if (device.isPresent() && !device.get().equals(proof.device())) {
            return new Examined.Refused(Reason.CONFLICT);
        }
        if (clock.millis() < proof.fromMillis()) {
            return new Examined.Refused(Reason.NOT_YET);
        }
        DeviceAssurance assurance =
                bound || device.isPresent() ? DeviceAssurance.MTLS_BOUND : DeviceAssurance.TAG_VERIFIED;
        AppTag tag =
                new AppTag(proof.device(), proof.profile(), proof.app(), assurance, Packages.assurance(proof.app()));
        return new Examined.Good(new Identity(tag, Optional.of(proof), certificate));
    }

    /** A concentrator's certificate is its own and says nothing of the device. */
    private static Examined believed(Credentials.Word word, Optional<ClientCertificate> certificate) {
        Optional<String> app = Packages.app(word.apps());
        boolean good = CompactTag.DEVICE.matcher(word.device()).matches()
                && CompactTag.PROFILE.matcher(word.profile()).matches()
                && app.isPresent();
        if (!good) {
            return new Examined.Refused(Reason.MALFORMED);
        }
        AppTag tag = new AppTag(
                word.device(), word.profile(), app.get(), DeviceAssurance.CONCENTRATOR, Packages.assurance(app.get()));
        return new Examined.Good(new Identity(tag, Optional.empty(), certificate));
    }

    private static Examined unproven(Reason reason, Optional<ClientCertificate> certificate) {
        Optional<String> device = certificate.flatMap(ClientCertificate::device);
        if (reason == Reason.MISSING && device.isPresent()) {
            AppTag tag = new AppTag(
                    device.get(), AppTag.NOBODY, AppTag.NOBODY, DeviceAssurance.MTLS_BOUND, AppAssurance.NONE);
            return new Examined.Good(new Identity(tag, Optional.empty(), certificate));
        }
        return new Examined.Refused(reason);
    }

    private boolean expired(Identity identity) {
        return identity.proof()
                .filter(proof -> clock.millis() >= proof.expiryMillis())
                .isPresent();
    }

    /** A bad tag is no better than none, and recorded as what it is; but see {@link Reason#always}. */
    private Optional<Identity> refused(Reason reason) {
        if (reason != Reason.MISSING || !terms.admit()) {
            rejected.accept(reason);
        }
        if (!terms.admit() || reason.always()) {
            return Optional.empty();
        }
        return Optional.of(Identity.of(reason == Reason.MISSING ? AppTag.UNATTRIBUTED : AppTag.INVALID));
    }

    private boolean renews(HostText host, int port) {
        String text = host instanceof HostText.Name name ? name.name() : literal(((HostText.Literal) host).address());
        return terms.renewal().contains(text) || terms.renewal().contains(text + ":" + port);
    }

    /** As settings spell it. */
    private static String literal(InetAddress address) {
        String text = AddressText.of(address);
        return text.contains(":") ? "[" + text + "]" : text;
    }
}
