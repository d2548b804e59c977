package io.postern.gateway.admin;

import io.postern.analytics.Verdict;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.records.HttpFacts;
import io.postern.gateway.records.TlsFacts;
import io.postern.tls.hello.ServerName;
import io.postern.wire.ip.AddressText;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which flows are asked for; what is absent asks nothing.
 *
 * @param app one of a UID's packages counts for it
 * @param destination a name, {@code *.} and the end of one, or an address; asked-for, claimed and dialled ones count
 * @param since of flows that have ended
 */
public record FlowFilter(
        Optional<String> device,
        Optional<String> profile,
        Optional<String> app,
        Optional<Protocol> protocol,
        Optional<Verdict.Action> verdict,
        Optional<String> listener,
        Optional<String> destination,
        Optional<Instant> since) {

    boolean takes(FlowRecord flow) {
        return takes(
                        flow.tag(),
                        flow.protocol(),
                        flow.verdict().action(),
                        flow.origin().listener())
                && since.filter(instant -> flow.endedAt().isBefore(instant)).isEmpty()
                && (destination.isEmpty()
                        || goesTo(
                                destination.get(),
                                Stream.of(
                                        flow.destination().host(),
                                        flow.tls().flatMap(TlsFacts::serverName).map(ServerName::text),
                                        flow.http().flatMap(HttpFacts::host),
                                        flow.destination().address().map(AddressText::of))));
    }

    /** Call on the flow's loop. */
    public boolean takes(LiveFlow flow) {
        return takes(
                        flow.tag(),
                        flow.recognised().protocol(),
                        flow.verdict().action(),
                        flow.listener().name())
                && (destination.isEmpty()
                        || goesTo(
                                destination.get(),
                                Stream.of(
                                        flow.destination().name(),
                                        flow.recognised().claimedName(),
                                        flow.remote().map(remote -> AddressText.of(remote.getAddress())),
                                        flow.destination().address().map(AddressText::of))));
    }

    private boolean takes(AppTag tag, Protocol spoken, Verdict.Action action, String by) {
        return same(device, tag.device())
                && same(profile, tag.profile())
                && (same(app, tag.app()) || tag.apps().contains(app.get()))
                && protocol.filter(wanted -> wanted != spoken).isEmpty()
                && verdict.filter(wanted -> wanted != action).isEmpty()
                && same(listener, by);
    }

    private static boolean same(Optional<String> wanted, String value) {
        return wanted.isEmpty() || wanted.get().equals(value);
    }

    private static boolean goesTo(String wanted, Stream<Optional<String>> names) {
        String canonical = wanted.toLowerCase(Locale.ROOT);
        return names.flatMap(Optional::stream)
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name ->
                        canonical.startsWith("*.") ? name.endsWith(canonical.substring(1)) : name.equals(canonical));
    }
}
