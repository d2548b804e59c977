package io.postern.gateway.baseline;

import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Flow;
import io.postern.dns.names.PublicSuffixes;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.records.HttpFacts;
import io.postern.gateway.records.TlsFacts;
import io.postern.gateway.records.Transport;
import io.postern.tls.hello.ServerName;
import io.postern.wire.http.PathClass;
import io.postern.wire.ip.AddressText;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A flow's record in the words of detection. */
final class FlowWords {

    private static final Set<String> UNNAMED = Set.of("generic-https");

    private FlowWords() {}

    /** Empty for a flow that ended before anybody knew where to. */
    static Optional<Flow> of(FlowRecord record) {
        return destination(record)
                .map(destination -> new Flow(
                        record.uid(),
                        record.tag(),
                        record.startedAt().toEpochMilli(),
                        record.transport() == Transport.TCP ? Flow.Transport.TCP : Flow.Transport.UDP,
                        destination,
                        record.protocol(),
                        record.basis(),
                        classes(record.serviceClasses()),
                        record.tls().flatMap(FlowWords::tls),
                        record.http().map(FlowWords::http)));
    }

    /** Mostly one. */
    private static Set<String> classes(List<String> names) {
        return switch (names.size()) {
            case 0 -> UNNAMED;
            case 1 -> Set.of(names.get(0));
            default -> Set.copyOf(names);
        };
    }

    /** The name that was asked of us; else the one the client claims to its server. */
    private static Optional<Destination> destination(FlowRecord record) {
        String host = record.destination()
                .host()
                .or(() -> new Recognised(record.protocol(), record.basis(), record.spoken()).claimedName())
                .orElse("")
                .toLowerCase(Locale.ROOT);
        String address =
                record.destination().address().map(one -> AddressText.of(one)).orElse("");
        if (host.isEmpty() && address.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Destination(
                host,
                PublicSuffixes.shipped().registrable(host),
                address,
                record.destination().port()));
    }

    private static Optional<Flow.TlsShape> tls(TlsFacts facts) {
        return facts.hello()
                .map(hello -> new Flow.TlsShape(
                        facts.serverName().map(ServerName::text).orElse(""),
                        hello.ech() || hello.esni(),
                        hello.alpn().stream().findFirst().orElse(""),
                        hello.ja4().orElse("")));
    }

    private static Flow.HttpShape http(HttpFacts facts) {
        return new Flow.HttpShape(
                facts.method(),
                facts.path().map(PathClass::label).orElse(""),
                facts.userAgent().orElse(""),
                facts.headerOrder().orElse(""));
    }
}
