package io.postern.wire.proxy;

import java.net.InetSocketAddress;
import java.util.List;

/** What a PROXY v2 header says. */
public sealed interface ProxyHeader {

    /** The sender speaks for itself, as a load balancer's health check does; there is no flow. */
    record Local() implements ProxyHeader {}

    /**
     * The sender speaks for somebody, over TCP.
     *
     * @param destination where the client wanted to go; its port is never 0
     * @param fields in their order
     */
    record Proxied(InetSocketAddress source, InetSocketAddress destination, List<Field> fields) implements ProxyHeader {

        public Proxied {
            fields = List.copyOf(fields);
        }

        /** The values of all fields of this type. */
        public List<String> values(int type) {
            return fields.stream()
                    .filter(field -> field.type() == type)
                    .map(Field::value)
                    .toList();
        }
    }

    /**
     * A type-length-value vector.
     *
     * @param type 0 to 255; 0xE0 to 0xEF are an installation's own
     * @param value one char per byte
     */
    record Field(int type, String value) {}
}
