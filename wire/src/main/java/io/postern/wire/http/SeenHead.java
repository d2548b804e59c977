package io.postern.wire.http;

import java.util.Locale;
import java.util.Optional;

/** What is needed of a head in somebody else's stream, taken from its lines one by one and leniently. */
final class SeenHead {

    private static final int LONGEST_METHOD = 32;
    private static final int LONGEST_LENGTH = 18;

    private final HeaderOrder order = new HeaderOrder();
    private String method = "";
    private PathClass path = PathClass.NONE;
    private String target = "";
    private Optional<String> targetAuthority = Optional.empty();
    private Optional<String> host = Optional.empty();
    private Optional<String> userAgent = Optional.empty();
    private String upgrade = "";
    private boolean accepts;
    private boolean grpc;
    private boolean dns;
    private boolean packed;
    private int status;
    private boolean chunked;
    private long length = -1;
    private boolean unreadableLength;

    /** Whether this is a request line; {@code cut} when its end was not kept. */
    boolean requestLine(String line, boolean cut) {
        int space = line.indexOf(' ');
        int last = cut ? line.length() : line.lastIndexOf(' ');
        boolean version = cut || (line.startsWith("HTTP/1.", last + 1) && line.length() == last + 9);
        if (space < 1 || space > LONGEST_METHOD || last <= space || !version) {
            return false;
        }
        method = line.substring(0, space);
        if (!Octets.token(method)) {
            return false;
        }
        String target = line.substring(space + 1, last);
        path = method.equals("CONNECT") ? PathClass.NONE : PathClass.of(target);
        this.target = method.equals("CONNECT") ? "" : RequestFacts.target(target);
        dns = method.equals("GET") && DnsOverHttps.asks(target);
        targetAuthority = authority(target);
        return true;
    }

    private Optional<String> authority(String target) {
        if (method.equals("CONNECT")) {
            return Optional.of(RequestFacts.authority(target));
        }
        int scheme = target.indexOf("://");
        if (scheme < 0 || target.startsWith("/")) {
            return Optional.empty();
        }
        int end = scheme + 3;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        return Optional.of(RequestFacts.authority(target.substring(scheme + 3, end)));
    }

    boolean statusLine(String line) {
        if (!line.startsWith("HTTP/1.") || line.length() < 12 || line.charAt(8) != ' ') {
            return false;
        }
        for (int i = 9; i < 12; i++) {
            int digit = line.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            status = status * 10 + digit;
        }
        return status >= 100;
    }

    void field(String line) {
        int colon = line.indexOf(':');
        if (colon < 1) {
            return;
        }
        String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
        String value = Octets.trimmed(line.substring(colon + 1));
        order.add(name);
        switch (name) {
            case "host" -> host = host.or(() -> Optional.of(RequestFacts.authority(value)));
            case "user-agent" -> userAgent = userAgent.or(() -> Optional.of(RequestFacts.capped(value)));
            case "upgrade" -> upgrade = RequestFacts.capped(value).toLowerCase(Locale.ROOT);
            case "sec-websocket-accept" -> accepts = !value.isEmpty();
            case "content-type" -> {
                grpc |= RequestFacts.grpc(value);
                dns |= DnsOverHttps.type(value);
                packed |= Packed.type(value);
            }
            case "content-encoding" -> packed |= Packed.coding(value);
            case "transfer-encoding" ->
                chunked |= value.toLowerCase(Locale.ROOT).endsWith("chunked");
            case "content-length" -> length(value);
            default -> {}
        }
    }

    private void length(String value) {
        boolean readable = !value.isEmpty()
                && value.length() <= LONGEST_LENGTH
                && value.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        long said = readable ? Long.parseLong(value) : -1;
        unreadableLength |= !readable || (length >= 0 && length != said);
        length = said;
    }

    RequestFacts request() {
        return new RequestFacts(method, targetAuthority.or(() -> host), path, target, userAgent, order.hash(), grpc);
    }

    String method() {
        return method;
    }

    int status() {
        return status;
    }

    /** Whether it carries a message of DNS. */
    boolean dns() {
        return dns;
    }

    /** Whether its body is compressed, as it says. */
    boolean packed() {
        return packed;
    }

    /** Lower case; empty when there is none. */
    String upgrade() {
        return upgrade;
    }

    /** Whether a server agrees to a WebSocket, RFC 6455 section 4.2.2. */
    boolean accepts() {
        return accepts;
    }

    /** Whether no end can be found of what follows. */
    boolean unreadableLength() {
        return unreadableLength && !chunked;
    }

    /** What follows, when the method or status do not say that nothing does. */
    BodyFraming framing(BodyFraming otherwise) {
        if (chunked) {
            return BodyFraming.CHUNKED;
        }
        return length < 0 ? otherwise : BodyFraming.length(length);
    }
}
