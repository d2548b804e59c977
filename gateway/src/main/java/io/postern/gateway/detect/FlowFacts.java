package io.postern.gateway.detect;

import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.FlowEvent.Outcome;
import io.postern.analytics.flow.InClear;
import io.postern.analytics.flow.InClear.Naming;
import io.postern.analytics.flow.InClear.Resolved;
import io.postern.analytics.flow.Protocol;
import io.postern.config.services.ServiceClasses;
import io.postern.gateway.records.Activity;
import io.postern.gateway.records.CappedText;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.records.HttpFacts;
import io.postern.gateway.records.TlsFacts;
import io.postern.gateway.records.Transport;
import io.postern.tls.hello.ServerName;
import io.postern.wire.http.Authority;
import io.postern.wire.http.PathClass;
import io.postern.wire.ip.AddressText;
import io.postern.wire.ip.HostText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Puts what is recorded of a flow into the words of detection. The only place where that is done: a flow that lives, one of
 * a capture and one of a log are told alike.
 *
 * <p>A flow that is nobody's is kept apart by the address it comes from, which detection sees as its device; its
 * assurances stay what they are. A device id cannot look like an address.
 *
 * <p>Remembers texts, so that each is there once: up to {@value #MOST_TEXTS}, then all are forgotten. Not for several threads.
 */
public final class FlowFacts {

    private static final int MOST_TEXTS = 100_000;

    /** A destination without any name. */
    private static final Name NONE = new Name("", "");

    /** A name and its registrable domain. */
    private record Name(String host, String domain) {}

    private final Function<String, String> registrable;
    private final FlowWords words = new FlowWords();
    private final Map<String, Name> names = new HashMap<>();
    private final Map<String, String> addresses = new HashMap<>();
    private final Map<Set<String>, Set<String>> classes = new HashMap<>();

    /** @param registrable the registrable domain of a name in lower case; empty if it has none */
    public FlowFacts(Function<String, String> registrable) {
        this.registrable = registrable;
    }

    /** What a record tells detection; nothing where nobody knows whereto the flow was to go. */
    public Optional<FlowLine> line(FlowRecord record) {
        words.clear();
        fill(words, record);
        return line(words);
    }

    Optional<FlowLine> line(FlowWords said) {
        Name name = name(said);
        String address = address(said.address);
        if (name.host().isEmpty() && address.isEmpty()) {
            return Optional.empty();
        }
        Flow flow = new Flow(
                said.uid,
                tag(said),
                said.startMillis,
                said.transport,
                new Destination(name.host(), name.domain(), address, said.port),
                said.protocol,
                said.basis,
                classes(said.serviceClasses),
                said.hello
                        ? Optional.of(new Flow.TlsShape(said.serverName, said.hidden, said.alpn, said.ja4))
                        : Optional.empty(),
                said.method.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new Flow.HttpShape(said.method, said.pathClass, said.userAgent, said.headerOrder)),
                clear(said));
        // A wall clock can be set back while a flow lives.
        long end = Math.max(said.startMillis, said.endMillis);
        return Optional.of(
                new FlowLine(flow, said.outcome, end, said.bytesOut, said.bytesIn, said.exchanges, questions(said)));
    }

    /** What a question to our own resolver tells detection: nothing of when flows come, as it is none. */
    public FlowEvent.Asked asked(Asked asked) {
        AppTag who = asked.who();
        AppTag tag = who.attributed()
                ? who
                : new AppTag(
                        AddressText.of(asked.client()),
                        who.profile(),
                        who.app(),
                        who.deviceAssurance(),
                        who.appAssurance());
        FlowLine.Question question = asked.question();
        Flow flow = new Flow(
                "",
                tag,
                question.atMillis(),
                Flow.Transport.UDP,
                new Destination("", "", asked.resolver(), asked.port()),
                Protocol.DNS,
                Basis.BYTES,
                Set.of(ServiceClasses.GENERIC),
                Optional.empty(),
                Optional.empty());
        return new FlowEvent.Asked(
                flow,
                question.atMillis(),
                question.name(),
                domain(question.name()),
                question.type(),
                question.rcode(),
                question.bytesIn());
    }

    /**
     * The registrable domain of a name that is asked for, empty if it has none. Labels of any bytes may stand before it: some
     * tunnels make use of all of them.
     */
    String domain(String name) {
        int escaped = behindEscapes(name);
        String host = escaped == 0 ? name : name.substring(name.indexOf('.', escaped) + 1);
        Name known = known(host);
        while (known.host().isEmpty() && host.indexOf('.') >= 0) {
            host = host.substring(host.indexOf('.') + 1);
            known = known(host);
        }
        return known.domain();
    }

    /** Behind the last of RFC 1035's escapes; the letter that one escapes may be a backslash. */
    private static int behindEscapes(String name) {
        int behind = 0;
        for (int at = name.indexOf('\\'); at >= 0; at = name.indexOf('\\', behind)) {
            behind = at + 2;
        }
        return behind;
    }

    private AppTag tag(FlowWords said) {
        String device = said.device.equals(AppTag.NOBODY) ? address(said.client) : said.device;
        return new AppTag(
                device.isEmpty() ? AppTag.NOBODY : device,
                said.profile,
                said.app,
                said.deviceAssurance,
                said.appAssurance);
    }

    private InClear clear(FlowWords said) {
        Naming naming = said.naming == Naming.ONE || sameDomain(said) ? Naming.ONE : said.naming;
        boolean nothing = naming == Naming.ONE
                && said.resolved == Resolved.UNKNOWN
                && !said.sent.measured()
                && !said.received.measured();
        return nothing ? InClear.NOTHING : new InClear(said.sent, said.received, naming, said.resolved);
    }

    /** Two hosts of one owner. */
    private boolean sameDomain(FlowWords said) {
        String domain = known(said.asked).domain();
        return !domain.isEmpty() && domain.equals(claimed(said).domain());
    }

    /**
     * As {@code Recognised.claimedName}: where TLS is spoken only its own name counts; else what the client asked of us, or
     * was told the address for.
     */
    private Name name(FlowWords said) {
        Name name = claimed(said);
        String asked = said.asked.isEmpty() ? said.told : said.asked;
        return !name.host().isEmpty() || asked.isEmpty() ? name : known(asked);
    }

    private Name claimed(FlowWords said) {
        String claimed = said.tls
                ? said.serverName
                : said.httpHost.isEmpty()
                        ? ""
                        : Authority.parse(said.httpHost).map(Authority::host).orElse("");
        return claimed.isEmpty() ? NONE : known(claimed);
    }

    private Name known(String text) {
        Name name = names.get(text);
        if (name == null) {
            if (names.size() >= MOST_TEXTS) {
                names.clear();
            }
            name = HostText.of(text) instanceof HostText.Name host
                    ? new Name(host.name(), registrable.apply(host.name()))
                    : NONE;
            names.put(text, name);
        }
        return name;
    }

    /** RFC 5952; empty of what is none. */
    private String address(String text) {
        if (text.isEmpty()) {
            return text;
        }
        String address = addresses.get(text);
        if (address == null) {
            if (addresses.size() >= MOST_TEXTS) {
                addresses.clear();
            }
            address = HostText.of(text) instanceof HostText.Literal literal ? AddressText.of(literal.address()) : "";
            addresses.put(text, address);
        }
        return address;
    }

    private Set<String> classes(Set<String> said) {
        Set<String> known = classes.get(said);
        if (known == null) {
            if (classes.size() >= MOST_TEXTS) {
                classes.clear();
            }
            known = Set.copyOf(said);
            classes.put(known, known);
        }
        return known;
    }

    /** All that a record has of DNS is its first question; the answer is the first thing that comes in. */
    private static List<FlowLine.Question> questions(FlowWords said) {
        if (said.question.isEmpty()) {
            return List.of();
        }
        long answer = said.exchanges.count() > 0 ? said.exchanges.bytesIn(0) : 0;
        int bytes = (int) Math.min(answer, Integer.MAX_VALUE);
        return List.of(new FlowLine.Question(said.startMillis, said.question, said.questionType, -1, bytes));
    }

    private static void fill(FlowWords words, FlowRecord record) {
        words.uid = record.uid();
        words.device = record.tag().device();
        words.profile = record.tag().profile();
        words.app = CappedText.cut(record.tag().app(), CappedText.APPS);
        words.deviceAssurance = record.tag().deviceAssurance();
        words.appAssurance = record.tag().appAssurance();
        // What is cut before it could say a word is as good as refused at the door.
        boolean unheard = record.closeReason().equals(Optional.of(CloseReason.BLOCKED)) && record.bytesOut() == 0;
        words.outcome = unheard ? Optional.of(Outcome.REFUSED) : outcome(record.activity());
        words.transport = record.transport() == Transport.UDP ? Flow.Transport.UDP : Flow.Transport.TCP;
        words.client = AddressText.of(record.client().getAddress());
        words.asked = record.destination()
                .host()
                .map(host -> CappedText.cut(host, CappedText.HOST))
                .orElse("");
        words.address =
                record.destination().address().map(to -> AddressText.of(to)).orElse("");
        words.port = record.destination().port();
        words.startMillis = record.startedAt().toEpochMilli();
        words.endMillis = record.endedAt().toEpochMilli();
        words.bytesOut = record.bytesOut();
        words.bytesIn = record.bytesIn();
        words.protocol = record.protocol();
        words.basis = record.basis();
        words.exchanges = record.exchanges();
        for (String each : CappedText.first(record.serviceClasses())) {
            words.serviceClasses.add(CappedText.cut(each, CappedText.LABEL));
        }
        words.sent = record.spoken().sent();
        words.received = record.spoken().received();
        words.naming = record.naming();
        words.told = record.toldName()
                .map(name -> CappedText.cut(name, CappedText.HOST))
                .orElse("");
        words.resolved = record.resolved();
        record.tls().ifPresent(tls -> fill(words, tls));
        record.http().ifPresent(http -> fill(words, http));
        record.spoken().question().ifPresent(asked -> {
            words.question = CappedText.cut(asked.name(), CappedText.NAME);
            words.questionType = asked.type();
        });
    }

    private static void fill(FlowWords words, TlsFacts tls) {
        words.tls = true;
        words.hello = tls.hello().isPresent();
        words.serverName = tls.serverName().map(ServerName::text).orElse("");
        words.hidden = tls.hello().filter(hello -> hello.ech() || hello.esni()).isPresent();
        words.alpn = tls.alpn().isEmpty() ? "" : CappedText.cut(tls.alpn().get(0), CappedText.LABEL);
        words.ja4 = tls.hellos().stream()
                .flatMap(hello -> hello.ja4().stream())
                .findFirst()
                .map(print -> CappedText.cut(print, CappedText.LABEL))
                .orElse("");
    }

    private static void fill(FlowWords words, HttpFacts http) {
        words.httpHost =
                http.host().map(host -> CappedText.cut(host, CappedText.HOST)).orElse("");
        words.method = CappedText.cut(http.method(), CappedText.LABEL);
        words.pathClass = http.path().map(PathClass::label).orElse("");
        words.userAgent = http.userAgent()
                .map(agent -> CappedText.cut(agent, CappedText.HOST))
                .orElse("");
        words.headerOrder = http.headerOrder()
                .map(print -> CappedText.cut(print, CappedText.LABEL))
                .orElse("");
    }

    static Optional<Outcome> outcome(Activity activity) {
        return switch (activity) {
            case TRAFFIC -> Optional.empty();
            case REFUSE -> Optional.of(Outcome.REFUSED);
            case FAIL -> Optional.of(Outcome.FAILED_UPSTREAM);
            case CLOSE, RESET -> Optional.of(Outcome.CARRIED);
        };
    }
}
