package io.postern.gateway.radius;

import io.postern.config.GatewaySettings.DeviceAttribute;
import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.identity.DeviceId;
import io.postern.wire.ip.AddressText;
import io.postern.wire.ip.Prefix;
import io.postern.wire.radius.RadiusAttribute;
import io.postern.wire.radius.RadiusPacket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Makes sense of the attributes of an Accounting-Request. */
final class AccountingReader {

    /** Of one session. */
    static final int MAX_PREFIXES = 8;

    /** Ours: no device is delegated more, and a short prefix speaks for many. */
    static final int SHORTEST_IPV6 = 48;

    private static final int IPV6_BYTES = 16;
    /** 255.255.255.255 and .254 leave the address to the client or to the server, RFC 2865 section 5.8. */
    private static final long UNASSIGNED = 0xFFFFFFFEL;

    private final DeviceAttribute device;

    AccountingReader(DeviceAttribute device) {
        this.device = device;
    }

    /** @return empty when what must be there is not, or is not as it must be */
    Optional<Accounting> read(RadiusPacket packet, InetAddress from, long nowMillis) {
        OptionalLong status = packet.number(RadiusAttribute.ACCT_STATUS_TYPE);
        String session = text(packet, RadiusAttribute.ACCT_SESSION_ID);
        if (status.isEmpty()) {
            return Optional.empty();
        }
        Accounting.Kind kind = kind(status.getAsLong());
        boolean ofOne = kind != Accounting.Kind.RESTART && kind != Accounting.Kind.OTHER;
        if (ofOne && session.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong stamp = packet.number(RadiusAttribute.EVENT_TIMESTAMP);
        long delayed = packet.number(RadiusAttribute.ACCT_DELAY_TIME).orElse(0) * 1_000;
        long event = stamp.isPresent() ? stamp.getAsLong() * 1_000 : nowMillis - delayed;
        try {
            return Optional.of(new Accounting(
                    kind, nas(packet, from), session, device(packet), prefixes(packet), event, stamp.isPresent()));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    private static Accounting.Kind kind(long status) {
        if (status == 1) {
            return Accounting.Kind.START;
        }
        if (status == 2) {
            return Accounting.Kind.STOP;
        }
        if (status == 3) {
            return Accounting.Kind.INTERIM;
        }
        return status == 7 || status == 8 ? Accounting.Kind.RESTART : Accounting.Kind.OTHER;
    }

    /** By what it calls itself; several can be behind one client. */
    private static String nas(RadiusPacket packet, InetAddress from) {
        return Stream.of(
                        RadiusAttribute.NAS_IDENTIFIER,
                        RadiusAttribute.NAS_IP_ADDRESS,
                        RadiusAttribute.NAS_IPV6_ADDRESS)
                .flatMap(type -> packet.first(type).map(RadiusAttribute::value).stream())
                .findFirst()
                .orElseGet(() -> AddressText.of(from));
    }

    private Optional<String> device(RadiusPacket packet) {
        return packet.attributes().stream()
                .filter(attribute -> attribute.vendor() == device.vendor()
                        && attribute.type() == device.type()
                        && attribute.value().startsWith(device.prefix()))
                .map(attribute ->
                        DeviceId.of(attribute.value().substring(device.prefix().length())))
                .findFirst()
                .filter(id -> CompactTag.DEVICE.matcher(id).matches());
    }

    private static List<Prefix> prefixes(RadiusPacket packet) {
        List<Prefix> prefixes = new ArrayList<>();
        packet.all(RadiusAttribute.FRAMED_IP_ADDRESS)
                .filter(attribute -> attribute.number().orElseThrow(IllegalArgumentException::new) < UNASSIGNED)
                .forEach(attribute -> prefixes.add(Prefix.around(inet(attribute.bytes()), 32)));
        packet.all(RadiusAttribute.FRAMED_IPV6_ADDRESS)
                .forEach(attribute -> prefixes.add(Prefix.around(inet(attribute.bytes()), 8 * IPV6_BYTES)));
        Stream.of(RadiusAttribute.FRAMED_IPV6_PREFIX, RadiusAttribute.DELEGATED_IPV6_PREFIX)
                .flatMap(packet::all)
                .forEach(attribute -> prefixes.add(prefix(attribute.bytes())));
        if (prefixes.size() > MAX_PREFIXES) {
            throw new IllegalArgumentException();
        }
        return prefixes.stream().distinct().toList();
    }

    /** {@code 00 | length8 in bits | the bytes it needs or more, the rest zero}, RFC 3162 section 2.3. */
    private static Prefix prefix(byte[] value) {
        int length = value.length < 2 ? 0 : value[1] & 0xFF;
        if (length < SHORTEST_IPV6 || value.length > 2 + IPV6_BYTES || (value.length - 2) * 8 < length) {
            throw new IllegalArgumentException();
        }
        return new Prefix(inet(Arrays.copyOf(Arrays.copyOfRange(value, 2, value.length), IPV6_BYTES)), length);
    }

    private static InetAddress inet(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String text(RadiusPacket packet, int type) {
        return packet.first(type).map(RadiusAttribute::value).orElse("");
    }
}
