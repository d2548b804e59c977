package io.postern.wire.http;

import java.util.List;
import java.util.Optional;

/**
 * A request's first line and fields as they were sent; {@link #conformance()} says what to think of it.
 *
 * @param method a token, case kept: methods are case-sensitive
 * @param target visible ASCII, uninterpreted: see {@link RequestTarget}
 * @param minorVersion 0 or 1, of HTTP/1
 * @param fields in their order
 */
public record RequestHead(String method, String target, int minorVersion, List<Field> fields) {

    public RequestHead {
        if (!Octets.token(method)) {
            throw new IllegalArgumentException("method must be a token");
        }
        if (target.isEmpty() || !Octets.all(Octets.VISIBLE, target)) {
            throw new IllegalArgumentException("request target must be visible ASCII");
        }
        if (minorVersion < 0 || minorVersion > 1) {
            throw new IllegalArgumentException("minor version is " + minorVersion + ", must be 0 or 1");
        }
        fields = List.copyOf(fields);
    }

    /** Worked out anew at each call, in time linear in the head. */
    public Conformance conformance() {
        return RequestRules.judge(this);
    }

    /** The value of the first field of this name. */
    public Optional<String> field(String name) {
        return Field.first(fields, name);
    }

    /**
     * Whether it asks for a WebSocket in the way a proxy may pass on: RFC 6455 section 4.1, RFC 9110 section 7.8. What is
     * not of version 13 nobody here could watch.
     */
    public boolean websocketUpgrade() {
        return minorVersion == 1
                && method.equals("GET")
                && Field.members(fields, "connection").contains("upgrade")
                && Field.members(fields, "upgrade").equals(List.of("websocket"))
                && Field.values(fields, "sec-websocket-version").equals(List.of("13"))
                && field("sec-websocket-key").isPresent();
    }

    /** On the wire; what is written from a {@code COMPLIANT} head reads back as the same head. */
    public byte[] bytes() {
        return HeadWriter.bytes(method + ' ' + target + " HTTP/1." + minorVersion, fields);
    }
}
