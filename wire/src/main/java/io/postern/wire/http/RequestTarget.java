package io.postern.wire.http;

import java.util.Optional;

/** The four forms of a request target (RFC 9112 section 3.2), and why a text is none of them. */
public sealed interface RequestTarget {

    /** {@code host:port} of CONNECT; an IPv6 host comes without its brackets. */
    record Tunnel(String host, int port) implements RequestTarget {}

    /**
     * {@code http://authority/path?query}, what a proxy is asked.
     *
     * @param authority as sent
     * @param origin path and query for the origin: starts with {@code /}, or {@code *} for OPTIONS without a path
     */
    record Absolute(Authority authority, String origin) implements RequestTarget {

        public int port() {
            return authority.port().orElse(80);
        }
    }

    /** {@code /path?query}, what an origin is asked: not for a proxy. */
    record Origin(String origin) implements RequestTarget {}

    /** {@code *}, about the server itself. */
    record Asterisk() implements RequestTarget {}

    /** None of them, or not one this method may have. */
    record Refused(String rule) implements RequestTarget {}

    static RequestTarget of(String method, String target) {
        if (method.equals("CONNECT")) {
            return tunnel(target);
        }
        if (target.indexOf('#') >= 0) {
            return new Refused("fragment in request target, RFC 9112 section 3.2");
        }
        if (target.startsWith("/")) {
            return new Origin(target);
        }
        if (target.equals("*")) {
            return method.equals("OPTIONS")
                    ? new Asterisk()
                    : new Refused("asterisk-form outside OPTIONS, RFC 9112 section 3.2.4");
        }
        return absolute(method, target);
    }

    private static RequestTarget tunnel(String target) {
        Optional<Authority> authority = Authority.parse(target);
        if (authority.isEmpty() || authority.get().port().isEmpty()) {
            return new Refused("CONNECT target is not host:port, RFC 9112 section 3.2.3");
        }
        return new Tunnel(authority.get().host(), authority.get().port().getAsInt());
    }

    private static RequestTarget absolute(String method, String target) {
        if (target.regionMatches(true, 0, "https://", 0, 8)) {
            return new Refused("https in absolute-form: a tunnel is asked for by CONNECT, RFC 9110 section 9.3.6");
        }
        if (!target.regionMatches(true, 0, "http://", 0, 7)) {
            return new Refused("request target has none of the forms of RFC 9112 section 3.2");
        }
        int path = 7;
        while (path < target.length() && "/?".indexOf(target.charAt(path)) < 0) {
            path++;
        }
        Optional<Authority> authority = Authority.parse(target.substring(7, path));
        if (authority.isEmpty()) {
            return new Refused("authority of absolute-form is not host[:port], RFC 9112 section 3.2.2");
        }
        String rest = target.substring(path);
        if (rest.isEmpty() && method.equals("OPTIONS")) {
            return new Absolute(authority.get(), "*");
        }
        return new Absolute(authority.get(), rest.startsWith("/") ? rest : '/' + rest);
    }
}
