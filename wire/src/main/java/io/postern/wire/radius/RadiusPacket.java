package io.postern.wire.radius;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * One packet, RFC 2865 section 3.
 *
 * @param code {@value #ACCOUNTING_REQUEST} and so on
 * @param identifier 0 to 255; tells requests of one sender apart
 * @param length bytes of the packet, at most {@value #MOST}; a datagram's other bytes are not of it
 */
public record RadiusPacket(int code, int identifier, int length, List<RadiusAttribute> attributes) {

    public static final int ACCOUNTING_REQUEST = 4;
    public static final int ACCOUNTING_RESPONSE = 5;
    public static final int STATUS_SERVER = 12;

    /** Code, identifier, length and authenticator. */
    public static final int HEADER = 20;

    public static final int MOST = 4096;

    public RadiusPacket {
        attributes = List.copyOf(attributes);
    }

    /** Of these, in their order; not those of vendors. */
    public Stream<RadiusAttribute> all(int type) {
        return attributes.stream().filter(attribute -> attribute.vendor() == 0 && attribute.type() == type);
    }

    /** The first of these. */
    public Optional<RadiusAttribute> first(int type) {
        return all(type).findFirst();
    }

    /** The first of these as a number, if it is four bytes long. */
    public OptionalLong number(int type) {
        return first(type).map(RadiusAttribute::number).orElse(OptionalLong.empty());
    }
}
