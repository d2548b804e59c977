package io.postern.dns.resolve;

import io.postern.dns.message.Query;
import io.postern.dns.message.Replies;
import io.postern.dns.names.DomainPattern;
import io.postern.dns.names.DomainTable;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Names that never leave for a server: what they mean is settled, and asking would tell it to the wrong party. {@code
 * localhost}, {@code invalid} and {@code onion} always; the others mean something inside a network, and those that the
 * operator has servers for are left out.
 */
public final class LocalNames {

    /** RFC 6761 6.3: always loopback, so that the judge of egress sees what they are. */
    private static final Answer LOOPBACK = new Answer.Addresses(
            List.of(
                    address(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}),
                    address(new byte[] {127, 0, 0, 1})),
            Duration.ofDays(1));

    private static final Answer NOWHERE = new Answer.NoSuchName();
    private static final Answer EMPTY = new Answer.NoAddress();
    private static final DomainTable<Answer> INSIDE = inside();

    private final Predicate<String> elsewhere;

    /** @param elsewhere names of the inside that servers are asked for, or that are written down */
    public LocalNames(Predicate<String> elsewhere) {
        this.elsewhere = elsewhere;
    }

    private static DomainTable<Answer> inside() {
        DomainTable.Builder<Answer> zones = DomainTable.builder((one, same) -> one);
        // RFC 9462 section 6.1: what is found there would lead devices to the resolvers that this one asks.
        add(zones, "resolver.arpa", EMPTY);
        // RFC 6762 section 22.1, RFC 8375 section 4, RFC 9476.
        Stream.of("local", "home.arpa", "alt").forEach(zone -> add(zones, zone, NOWHERE));
        // RFC 6303 section 4; the last two are :: and ::1.
        Stream.of("0", "10", "127", "254.169", "168.192", "2.0.192", "100.51.198", "113.0.203", "255.255.255.255")
                .forEach(reversed -> add(zones, reversed + ".in-addr.arpa", NOWHERE));
        IntStream.rangeClosed(16, 31).forEach(second -> add(zones, second + ".172.in-addr.arpa", NOWHERE));
        Stream.of(
                        "d.f",
                        "8.e.f",
                        "9.e.f",
                        "a.e.f",
                        "b.e.f",
                        "8.b.d.0.1.0.0.2",
                        "0" + ".0".repeat(31),
                        "1" + ".0".repeat(31))
                .forEach(reversed -> add(zones, reversed + ".ip6.arpa", NOWHERE));
        return zones.build();
    }

    private static void add(DomainTable.Builder<Answer> zones, String zone, Answer answer) {
        zones.add(new DomainPattern(zone, DomainPattern.Reach.EXACT_AND_BELOW), answer);
    }

    Optional<Answer> find(HostText.Name name) {
        return find(name.name());
    }

    private Optional<Answer> find(String text) {
        return switch (text.substring(text.lastIndexOf('.') + 1)) {
            case "localhost" -> Optional.of(LOOPBACK);
            // RFC 6761 6.4; RFC 7686: an onion name in DNS is a leak.
            case "invalid", "onion" -> Optional.of(NOWHERE);
            case "local", "alt", "arpa" ->
                Optional.ofNullable(INSIDE.find(text)).filter(found -> !elsewhere.test(text));
            default -> Optional.empty();
        };
    }

    /** What a client is told that asks for one of them. */
    public Optional<byte[]> reply(Query query) {
        return find(query.key().text())
                .map(found -> found == NOWHERE
                        ? Replies.noSuchName(query, OptionalInt.empty())
                        : Replies.addresses(query, addresses(found), OptionalInt.empty()));
    }

    private static List<InetAddress> addresses(Answer found) {
        return found instanceof Answer.Addresses loopback ? loopback.addresses() : List.of();
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("an address has 4 or 16 bytes", impossible);
        }
    }
}
