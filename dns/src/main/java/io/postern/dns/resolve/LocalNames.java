package io.postern.dns.resolve;

import io.postern.dns.message.Query;
import io.postern.dns.message.Replies;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.xbill.DNS.Rcode;

/** Names that never leave for a server: what they mean is settled, and asking would tell it to the wrong party. */
public final class LocalNames {

    /** RFC 6761 6.3: always loopback, so that the judge of egress sees what they are. */
    private static final Answer LOOPBACK = new Answer.Addresses(
            List.of(
                    address(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}),
                    address(new byte[] {127, 0, 0, 1})),
            Duration.ofDays(1));

    private static final Answer NOWHERE = new Answer.NoSuchName();

    private LocalNames() {}

    static Optional<Answer> find(HostText.Name name) {
        return find(name.name());
    }

    private static Optional<Answer> find(String text) {
        return switch (text.substring(text.lastIndexOf('.') + 1)) {
            case "localhost" -> Optional.of(LOOPBACK);
            // RFC 6761 6.4; RFC 7686: an onion name in DNS is a leak.
            case "invalid", "onion" -> Optional.of(NOWHERE);
            default -> Optional.empty();
        };
    }

    /** What a client is told that asks for one of them. */
    public static Optional<byte[]> reply(Query query) {
        return find(query.key().text())
                .map(found -> found instanceof Answer.Addresses loopback
                        ? Replies.addresses(query, loopback.addresses(), OptionalInt.empty())
                        : Replies.error(query, Rcode.NXDOMAIN, OptionalInt.empty()));
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("an address has 4 or 16 bytes", impossible);
        }
    }
}
