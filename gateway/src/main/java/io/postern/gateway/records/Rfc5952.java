package io.postern.gateway.records;

import java.net.Inet6Address;
import java.net.InetAddress;

/** Addresses as text: IPv4 dotted, IPv6 as RFC 5952 section 4 wants it, without a zone. */
final class Rfc5952 {
    private static final int GROUPS = 8;

    private Rfc5952() {}

    static String text(InetAddress address) {
        return address instanceof Inet6Address ? groups(address.getAddress()) : address.getHostAddress();
    }

    private static String groups(byte[] bytes) {
        int[] groups = new int[GROUPS];
        for (int group = 0; group < GROUPS; group++) {
            groups[group] = ((bytes[2 * group] & 0xff) << 8) | (bytes[2 * group + 1] & 0xff);
        }
        int start = 0;
        int length = 0;
        for (int group = 0; group < GROUPS; group++) {
            int end = group;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - group > length) {
                start = group;
                length = end - group;
            }
        }
        // Section 4.2.2: a single group of zeros is not worth a "::".
        return length < 2
                ? joined(groups, 0, GROUPS)
                : joined(groups, 0, start) + "::" + joined(groups, start + length, GROUPS);
    }

    private static String joined(int[] groups, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int group = from; group < to; group++) {
            if (group > from) {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[group]));
        }
        return text.toString();
    }
}
