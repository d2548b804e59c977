package io.postern.wire.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What makes a readable request ambiguous or dangerous. The table is in the package's description. */
final class RequestRules {

    private static final Set<String> KNOWN_METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    static Conformance judge(RequestHead head) {
        RequestTarget target = RequestTarget.of(head.method(), head.target());
        FramingFields framing = FramingFields.of(head.fields(), head.minorVersion());
        return target(target)
                .and(host(head, target))
                .and(framing.conformance())
                .and(content(head.method(), framing))
                .and(method(head.method()))
                .and(lookAlikes(head.fields()))
                .and(connection(head.fields()));
    }

    private static Conformance target(RequestTarget target) {
        return target instanceof RequestTarget.Refused refused
                ? Conformance.severe(refused.rule())
                : Conformance.COMPLIANT;
    }

    private static Conformance host(RequestHead head, RequestTarget target) {
        List<String> hosts = Field.values(head.fields(), "host");
        if (hosts.size() > 1) {
            return Conformance.severe("more than one Host, RFC 9112 section 3.2");
        }
        if (hosts.isEmpty()) {
            return head.minorVersion() == 0
                    ? Conformance.COMPLIANT
                    : Conformance.severe("no Host in HTTP/1.1, RFC 9112 section 3.2");
        }
        Optional<Authority> host = Authority.parse(hosts.get(0));
        if (host.isEmpty()) {
            return Conformance.severe("Host is not host[:port], RFC 9112 section 3.2");
        }
        return agrees(host.get(), target)
                ? Conformance.COMPLIANT
                : Conformance.severe("Host differs from the request target, RFC 9112 section 3.2.2");
    }

    /** A tunnel's Host says nothing to anybody, and some clients leave its port out: what it does say must agree. */
    private static boolean agrees(Authority host, RequestTarget target) {
        if (target instanceof RequestTarget.Tunnel tunnel) {
            return host.host().equalsIgnoreCase(tunnel.host()) && host.port().orElse(tunnel.port()) == tunnel.port();
        }
        if (target instanceof RequestTarget.Absolute absolute) {
            return host.host().equalsIgnoreCase(absolute.authority().host())
                    && host.port().orElse(80) == absolute.port();
        }
        return true;
    }

    private static Conformance content(String method, FramingFields framing) {
        if (!framing.chunked() && framing.length() <= 0) {
            return Conformance.COMPLIANT;
        }
        return switch (method) {
            case "CONNECT" -> Conformance.severe("content in CONNECT, RFC 9110 section 9.3.6");
            case "TRACE" -> Conformance.severe("content in TRACE, RFC 9110 section 9.3.8");
            case "GET", "HEAD" -> Conformance.ambiguous("content in GET or HEAD, RFC 9110 section 9.3.1");
            default -> Conformance.COMPLIANT;
        };
    }

    private static Conformance method(String method) {
        return !KNOWN_METHODS.contains(method) && KNOWN_METHODS.contains(method.toUpperCase(Locale.ROOT))
                ? Conformance.ambiguous("known method in other case, RFC 9110 section 9.1")
                : Conformance.COMPLIANT;
    }

    static Conformance lookAlikes(List<Field> fields) {
        for (Field field : fields) {
            if (FramingFields.lookAlike(field.name())) {
                return Conformance.ambiguous("field name resembles a framing field, RFC 9112 section 11.2");
            }
        }
        return Conformance.COMPLIANT;
    }

    static Conformance connection(List<Field> fields) {
        for (String option : Field.members(fields, "connection")) {
            if (!Octets.token(option)) {
                return Conformance.ambiguous("Connection option is not a token, RFC 9110 section 7.6.1");
            }
            if (option.equals("host") || option.equals("content-length") || option.equals("transfer-encoding")) {
                return Conformance.ambiguous("Connection names an end-to-end field, RFC 9110 section 7.6.1");
            }
        }
        return Conformance.COMPLIANT;
    }

    private RequestRules() {}
}
