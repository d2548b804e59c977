package io.postern.dns.message;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The addresses that an SVCB or HTTPS record leads clients to beside those of its name, RFC 9460 section 7.3.
 *
 * <pre>
 * priority16 | target name | key16 length16 value | …          section 2.2: keys rise, the name points nowhere
 * </pre>
 */
final class ServiceHints {

    private static final int PRIORITY = 2;
    /** Key and length. */
    private static final int PARAMETER = 4;

    private static final int IPV4 = 4;
    private static final int IPV6 = 6;
    /** Addresses in one parameter; nobody has so many of one service. */
    private static final int MOST = 256;

    private ServiceHints() {}

    /** @return empty when data between these places does not have that form: then nobody can say where it leads */
    static Optional<List<InetAddress>> in(byte[] message, int from, int end) {
        int at = target(message, from + PRIORITY, end);
        List<InetAddress> addresses = new ArrayList<>(4);
        int before = -1;
        while (at >= 0 && at < end) {
            int value = at + PARAMETER;
            if (value > end) {
                return Optional.empty();
            }
            int key = DnsHead.u16(message, at);
            int length = DnsHead.u16(message, at + 2);
            int bytes = key == IPV4 ? 4 : key == IPV6 ? 16 : 0;
            if (key <= before || length > end - value || (bytes > 0 && !fits(length, bytes))) {
                return Optional.empty();
            }
            for (int each = value; bytes > 0 && each < value + length; each += bytes) {
                addresses.add(address(Arrays.copyOfRange(message, each, each + bytes)));
            }
            before = key;
            at = value + length;
        }
        return at < 0 ? Optional.empty() : Optional.of(addresses);
    }

    private static boolean fits(int length, int bytes) {
        return length > 0 && length % bytes == 0 && length <= MOST * bytes;
    }

    /** Where the parameters begin; -1 when there is no name before them. */
    private static int target(byte[] message, int from, int end) {
        int behind = from < end ? WireName.end(message, from, end) : -1;
        return behind >= 0 && WireName.canonical(message, from, end).length == behind - from ? behind : -1;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("an address has 4 or 16 bytes", impossible);
        }
    }
}
