package io.postern.wire.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rewrites heads as a forward proxy must (RFC 9110 section 7.6, RFC 9112 section 3.2.2): what is sent is written from
 * what was understood, framing included, and never copied. Pure; may be shared between threads.
 */
public final class Forwarding {

    /** Proxies a request may have passed before; more is a loop that hides its name. */
    static final int MOST_HOPS = 16;

    private final String pseudonym;
    private final Set<String> ours;

    /**
     * @param pseudonym our name in Via, a token; unlike any other gateway's, for by it a loop is known
     */
    public Forwarding(String pseudonym) {
        this(pseudonym, List.of());
    }

    /** @param ours names of fields that are for us, in any case, and pass in no direction */
    public Forwarding(String pseudonym, Collection<String> ours) {
        if (!Octets.token(pseudonym)) {
            throw new IllegalArgumentException("pseudonym must be a token");
        }
        this.pseudonym = pseudonym;
        this.ours = ours.stream().map(Removals::folded).collect(Collectors.toUnmodifiableSet());
    }

    /** What to do with a request in absolute-form. Other forms are refused: CONNECT is no message to pass on. */
    public RequestForward request(RequestHead head) {
        Conformance conformance = head.conformance();
        if (conformance.grade() == Conformance.Grade.SEVERE) {
            return new RequestForward.Refused(400, conformance.rule());
        }
        if (!(RequestTarget.of(head.method(), head.target()) instanceof RequestTarget.Absolute target)) {
            return new RequestForward.Refused(400, "a proxy is asked in absolute-form, RFC 9112 section 3.2.2");
        }
        List<String> expectations = Field.members(head.fields(), "expect");
        if (!expectations.stream().allMatch("100-continue"::equals)) {
            return new RequestForward.Refused(417, "expectation other than 100-continue, RFC 9110 section 10.1.1");
        }
        if (loops(head.fields())) {
            return new RequestForward.Refused(508, "request has passed here before, RFC 9110 section 7.6.3");
        }
        OptionalLong hops = maxForwards(head);
        if (hops.isPresent() && hops.getAsLong() == 0) {
            return new RequestForward.Refused(501, "Max-Forwards is 0, RFC 9110 section 7.6.2");
        }
        boolean close = conformance.grade() == Conformance.Grade.AMBIGUOUS || !persistent(head);
        return new RequestForward.Ready(
                rewritten(head, target, hops, close),
                target,
                BodyFraming.of(head),
                head.websocketUpgrade(),
                head.minorVersion() == 1 && !expectations.isEmpty(),
                close);
    }

    /**
     * What to do with an answer.
     *
     * @param request what it answers, as the client sent it
     * @param close whether the client's connection must end here for reasons of the request
     */
    public ResponseForward response(RequestHead request, ResponseHead head, boolean close) {
        Conformance conformance = head.conformance();
        if (conformance.grade() == Conformance.Grade.SEVERE) {
            return new ResponseForward.Refused(502, conformance.rule());
        }
        boolean switches = head.status() == 101;
        if (switches && !(request.websocketUpgrade() && upgradesToWebsocket(head))) {
            return new ResponseForward.Refused(502, "101 to what was not asked for, RFC 9110 section 15.2.2");
        }
        if (head.interim() && request.minorVersion() == 0) {
            return new ResponseForward.Withheld();
        }
        BodyFraming received = BodyFraming.of(request.method(), head);
        boolean unchunked = request.minorVersion() == 0 && received.kind() == BodyFraming.Kind.CHUNKED;
        BodyFraming sent = unchunked ? BodyFraming.UNTIL_CLOSE : received;
        boolean ends = !head.interim()
                && !switches
                && (close
                        || conformance.grade() == Conformance.Grade.AMBIGUOUS
                        || !persistent(request)
                        || sent.kind() == BodyFraming.Kind.UNTIL_CLOSE);
        return new ResponseForward.Ready(rewritten(request, head, ends), received, sent, ends);
    }

    /** Trailers fit to be passed on: nothing hop-by-hop, nothing that speaks for us or about the message's own head. */
    public List<Field> trailers(List<Field> trailers) {
        List<Field> kept = new ArrayList<>(trailers);
        kept.removeIf(field -> Removals.always(field.name(), ours) || Removals.notInTrailers(field.name()));
        return List.copyOf(kept);
    }

    private RequestHead rewritten(RequestHead head, RequestTarget.Absolute target, OptionalLong hops, boolean close) {
        List<Field> fields = new ArrayList<>(head.fields().size() + 4);
        fields.add(new Field("Host", target.authority().text()));
        fields.addAll(Removals.endToEnd(head.fields(), ours));
        hops.ifPresent(left -> fields.add(new Field("Max-Forwards", Long.toString(left - 1))));
        framing(fields, FramingFields.of(head.fields(), head.minorVersion()));
        connection(fields, head.websocketUpgrade(), close);
        via(fields, head.minorVersion());
        return new RequestHead(head.method(), target.origin(), 1, fields);
    }

    private ResponseHead rewritten(RequestHead request, ResponseHead head, boolean close) {
        List<Field> fields = new ArrayList<>(Removals.endToEnd(head.fields(), ours));
        FramingFields framing = FramingFields.of(head.fields(), head.minorVersion());
        boolean framed = head.status() >= 200 && head.status() != 204;
        if (framed && !(framing.chunked() && request.minorVersion() == 0)) {
            framing(fields, framing);
        }
        connection(fields, head.status() == 101, close);
        via(fields, head.minorVersion());
        return new ResponseHead(1, head.status(), head.reason(), fields);
    }

    private static void framing(List<Field> fields, FramingFields framing) {
        if (framing.chunked()) {
            fields.add(new Field("Transfer-Encoding", "chunked"));
        } else if (framing.length() >= 0) {
            fields.add(new Field("Content-Length", Long.toString(framing.length())));
        }
    }

    private static void connection(List<Field> fields, boolean websocket, boolean close) {
        if (websocket) {
            fields.add(new Field("Connection", "Upgrade"));
            fields.add(new Field("Upgrade", "websocket"));
        } else if (close) {
            fields.add(new Field("Connection", "close"));
        }
    }

    private void via(List<Field> fields, int minorVersion) {
        fields.add(new Field("Via", "1." + minorVersion + ' ' + pseudonym));
    }

    private boolean loops(List<Field> fields) {
        List<String> hops = Field.members(fields, "via");
        return hops.size() > MOST_HOPS
                || hops.stream().anyMatch(hop -> receivedBy(hop).equals(pseudonym.toLowerCase(Locale.ROOT)));
    }

    /** {@code received-protocol RWS received-by [RWS comment]}, RFC 9110 section 7.6.3. */
    private static String receivedBy(String hop) {
        String[] words = hop.split("[ \t]+", 3);
        return words.length > 1 ? words[1] : "";
    }

    /** Counted only where RFC 9110 section 7.6.2 says so; what is no number is not there. */
    private static OptionalLong maxForwards(RequestHead head) {
        boolean counted = head.method().equals("OPTIONS") || head.method().equals("TRACE");
        String value = counted ? head.field("max-forwards").orElse("") : "";
        boolean number =
                !value.isEmpty() && value.length() < 10 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? OptionalLong.of(Long.parseLong(value)) : OptionalLong.empty();
    }

    /** An HTTP/1.0 client's keep-alive is no promise a proxy may make use of, RFC 9112 section 9.3. */
    private static boolean persistent(RequestHead head) {
        return head.minorVersion() == 1
                && !Field.members(head.fields(), "connection").contains("close");
    }

    private static boolean upgradesToWebsocket(ResponseHead head) {
        return Field.members(head.fields(), "upgrade").equals(List.of("websocket"));
    }
}
