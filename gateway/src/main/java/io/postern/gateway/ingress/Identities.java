package io.postern.gateway.ingress;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.ingress.TagVerifier.Outcome;
import io.postern.gateway.ingress.TagVerifier.Reason;
import io.postern.wire.ip.AddressText;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Who asks, and may they ask for this? Turns what a client shows into an {@link AppTag}, or into nothing.
 *
 * <p>An authentic tag past its time opens the renewal allow-set and nothing else: a fleet must not go dark by a date.
 */
public final class Identities {

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

    /** @return empty when the client must be told to authenticate */
    public Optional<AppTag> identify(Credentials shown, Destination destination) {
        Outcome outcome = verify(shown);
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

    /**
     * Whether there is anything that these credentials open: for ways in that ask for them before they hear where to.
     * What opens nothing is counted here, everything else by {@link #identify}.
     */
    public boolean openAnything(Credentials shown) {
        if (!admitUnattributed && verify(shown) instanceof Outcome.Rejected refused) {
            rejected.accept(refused.reason());
            return false;
        }
        return true;
    }

    private Outcome verify(Credentials shown) {
        if (shown instanceof Credentials.Tag compact) {
            return verifier.verify(compact.tag());
        }
        if (shown instanceof Credentials.Word word) {
            return believed(word);
        }
        return new Outcome.Rejected(shown instanceof Credentials.None ? Reason.MISSING : Reason.MALFORMED);
    }

    private static Outcome believed(Credentials.Word word) {
        boolean good = CompactTag.DEVICE.matcher(word.device()).matches()
                && CompactTag.PROFILE.matcher(word.profile()).matches()
                && CompactTag.APP.matcher(word.app()).matches();
        if (!good || word.device().equals(AppTag.NOBODY)) {
            return new Outcome.Rejected(Reason.MALFORMED);
        }
        AppAssurance app = word.app().equals(AppTag.NOBODY) ? AppAssurance.NONE : AppAssurance.DEVICE_ASSERTED;
        return new Outcome.Verified(
                new AppTag(word.device(), word.profile(), word.app(), DeviceAssurance.CONCENTRATOR, app));
    }

    /** A bad tag is no better than none, and recorded as what it is. */
    private Optional<AppTag> unattributed(Reason reason) {
        if (!admitUnattributed) {
            return Optional.empty();
        }
        return Optional.of(reason == Reason.MISSING ? AppTag.UNATTRIBUTED : AppTag.INVALID);
    }

    private boolean renews(Destination destination) {
        String host = destination
                .name()
                .orElseGet(() -> AddressText.of(destination.address().orElseThrow()));
        return renewal.contains(host) || renewal.contains(host + ":" + destination.port());
    }
}
