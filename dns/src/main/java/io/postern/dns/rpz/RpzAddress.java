package io.postern.dns.rpz;

import io.postern.wire.ip.HostText;
import io.postern.wire.ip.Prefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Prefixes as owners of {@code rpz-ip} and {@code rpz-client-ip} write them, backwards: {@code 24.0.2.0.192} is 192.0.2.0/24, and
 * {@code 48.zz.2.2001} is 2001:2::/48, {@code zz} being the longest run of zeros.
 */
final class RpzAddress {

    private static final int IPV4_LABELS = 5;
    private static final int MOST_LABELS = 9;

    private RpzAddress() {}

    static Optional<Prefix> prefix(String text) {
        List<String> labels = List.of(text.split("\\.", -1));
        if (labels.size() < 2 || labels.size() > MOST_LABELS) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>(labels.subList(1, labels.size()));
        Collections.reverse(words);
        boolean ipv4 = labels.size() == IPV4_LABELS && !words.contains("zz");
        String address = ipv4 ? String.join(".", words) : ipv6(words);
        if (!(HostText.of(address) instanceof HostText.Literal)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Prefix.parse(address + "/" + labels.get(0)));
        } catch (IllegalArgumentException noPrefix) {
            return Optional.empty();
        }
    }

    private static String ipv6(List<String> words) {
        String text = String.join(":", words).replace("zz", "");
        String opened = words.get(0).equals("zz") ? ":" + text : text;
        return words.get(words.size() - 1).equals("zz") ? opened + ":" : opened;
    }
}
