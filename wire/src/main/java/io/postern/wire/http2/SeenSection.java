package io.postern.wire.http2;

import io.postern.wire.http.DnsOverHttps;
import io.postern.wire.http.HeaderOrder;
import io.postern.wire.http.Packed;
import io.postern.wire.http.PathClass;
import io.postern.wire.http.RequestFacts;
import java.util.Optional;

/** What is kept of one field section, RFC 9113 section 8.3. */
final class SeenSection implements HpackDecoder.Fields {

    private static final int LONGEST_METHOD = 32;

    private final HeaderOrder order = new HeaderOrder();
    private String method = "";
    private String status = "";
    private Optional<String> authority = Optional.empty();
    private Optional<String> host = Optional.empty();
    private Optional<String> userAgent = Optional.empty();
    private PathClass path = PathClass.NONE;
    private String target = "";
    private boolean grpc;
    private boolean asksDns;
    private boolean dns;
    private boolean packed;

    @Override
    public void field(String name, String value) {
        order.add(name);
        switch (name) {
            case ":method" -> method = value.substring(0, Math.min(LONGEST_METHOD, value.length()));
            case ":status" -> status = value;
            case ":authority" -> authority = Optional.of(RequestFacts.authority(value));
            case ":path" -> {
                path = PathClass.of(value);
                target = RequestFacts.target(value);
                asksDns = DnsOverHttps.asks(value);
            }
            case "host" -> host = Optional.of(RequestFacts.authority(value));
            case "user-agent" -> userAgent = Optional.of(RequestFacts.capped(value));
            case "content-type" -> {
                grpc = RequestFacts.grpc(value);
                dns = DnsOverHttps.type(value);
                packed |= Packed.type(value);
            }
            // Messages of gRPC are compressed one by one, by a coding that is named apart.
            case "content-encoding", "grpc-encoding" -> packed |= Packed.coding(value);
            default -> {}
        }
    }

    boolean request() {
        return !method.isEmpty();
    }

    /** 0 when it is none: a request's, or trailers. */
    int status() {
        return status.length() == 3 && status.chars().allMatch(digit -> digit >= '0' && digit <= '9')
                ? Integer.parseInt(status)
                : 0;
    }

    /** Whether it carries a message of DNS. */
    boolean dns() {
        return dns || (asksDns && method.equals("GET"));
    }

    /** Whether it says that the body is compressed. */
    boolean packed() {
        return packed;
    }

    RequestFacts facts() {
        return new RequestFacts(method, authority.or(() -> host), path, target, userAgent, order.hash(), grpc);
    }
}
