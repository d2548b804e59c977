package io.postern.gateway.records;

import io.postern.dns.message.DnsFacts;
import io.postern.tls.hello.ServerName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What may be known of traffic that is its user's own: of where it goes the registrable domain and no more. Applied once, before
 * anybody is told of a flow, so that records, findings, what is learnt and what the API answers hold nothing else.
 */
public final class PersonalProfiles {

    /** Every profile is the enterprise's. */
    public static final PersonalProfiles NONE = new PersonalProfiles(Set.of(), name -> name);

    private final Set<String> profiles;
    private final UnaryOperator<String> registrable;

    /** @param registrable the registrable domain of a name in lower case; empty if it has none */
    public PersonalProfiles(Set<String> profiles, UnaryOperator<String> registrable) {
        this.profiles = Set.copyOf(profiles);
        this.registrable = registrable;
    }

    /** Whether only part may be known of what is done in it. */
    public boolean personal(String profile) {
        return profiles.contains(profile);
    }

    /** What is known of a name in a profile; empty where a personal one's has no registrable domain. */
    public Optional<String> name(String profile, String name) {
        return personal(profile) ? registrable(name) : Optional.of(name);
    }

    private Optional<String> registrable(String name) {
        return Optional.of(registrable.apply(name)).filter(domain -> !domain.isEmpty());
    }

    /** The flow, with what may be known of it. An address stays where the client asked for one and named nothing. */
    public FlowRecord of(FlowRecord flow) {
        if (!personal(flow.tag().profile())) {
            return flow;
        }
        FlowRecord.Destination to = flow.destination();
        Spoken spoken = of(flow.spoken());
        boolean named = flow.hostname().isPresent()
                || flow.spoken().tls().flatMap(TlsFacts::serverName).isPresent()
                || flow.spoken().http().flatMap(HttpFacts::host).isPresent();
        return flow.to(
                new FlowRecord.Destination(
                        to.host().flatMap(this::registrable), named ? Optional.empty() : to.address(), to.port()),
                flow.toldName().flatMap(this::registrable),
                spoken);
    }

    private Spoken of(Spoken spoken) {
        return new Spoken(
                spoken.tls().map(this::of),
                spoken.http().map(this::of),
                spoken.question().flatMap(this::of),
                spoken.webSocket(),
                spoken.carrier(),
                spoken.quicVersion(),
                spoken.sent(),
                spoken.received());
    }

    private Optional<DnsFacts.Question> of(DnsFacts.Question question) {
        return registrable(question.name())
                .map(name -> new DnsFacts.Question(name, question.type(), question.recordClass(), question.alone()));
    }

    /** Certificates name hosts, the client's among them. */
    private TlsFacts of(TlsFacts tls) {
        List<TlsFacts.Hello> hellos = tls.hellos().stream()
                .map(hello -> new TlsFacts.Hello(
                        hello.serverName().flatMap(this::of),
                        hello.version(),
                        hello.alpn(),
                        hello.ja3(),
                        hello.ja4(),
                        hello.ech(),
                        hello.esni(),
                        hello.postQuantum()))
                .toList();
        return new TlsFacts(hellos, tls.answer(), Optional.empty());
    }

    private Optional<ServerName> of(ServerName name) {
        return name.form() == ServerName.Form.NAME
                ? registrable(name.text()).map(domain -> new ServerName(domain, ServerName.Form.NAME))
                : Optional.empty();
    }

    private HttpFacts of(HttpFacts http) {
        return new HttpFacts(
                http.host().map(PersonalProfiles::withoutPort).flatMap(this::registrable),
                http.method(),
                http.path(),
                Optional.empty(),
                http.headerOrder(),
                http.requests(),
                http.status(),
                http.websocket());
    }

    private static String withoutPort(String authority) {
        int colon = authority.indexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }
}
