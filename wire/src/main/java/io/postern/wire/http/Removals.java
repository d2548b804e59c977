package io.postern.wire.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which fields do not pass the gateway. What of them is still needed is written anew by {@link Forwarding}. */
final class Removals {

    /** Of one connection (RFC 9110 section 7.6.1), or ours to write. */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "transfer-encoding",
            "content-length",
            "upgrade",
            "http2-settings",
            "host",
            "max-forwards");

    /** Between the client and us: a tag must reach no origin, and no origin may ask for one in our name. */
    private static final Set<String> PROXY_ONLY =
            Set.of("proxy-authorization", "proxy-authenticate", "proxy-authentication-info", "forwarded", "x-real-ip");

    /** What a recipient must not learn after the fact, RFC 9110 section 6.5.1: it would have acted without it. */
    private static final Set<String> HEAD_ONLY = Set.of(
            "authorization",
            "cache-control",
            "content-encoding",
            "content-range",
            "content-type",
            "cookie",
            "expect",
            "location",
            "range",
            "set-cookie",
            "trailer",
            "vary",
            "via",
            "www-authenticate");

    /**
     * What is left of the fields, in their order.
     *
     * @param ours further names that do not pass, {@link #folded}
     */
    static List<Field> endToEnd(List<Field> fields, Set<String> ours) {
        Set<String> named = new HashSet<>(Field.members(fields, "connection"));
        List<Field> kept = new ArrayList<>(fields.size());
        for (Field field : fields) {
            if (!always(field.name(), ours) && !named.contains(field.name().toLowerCase(Locale.ROOT))) {
                kept.add(field);
            }
        }
        return kept;
    }

    /** Underscores count as hyphens: servers that fold names as CGI does would take one for the other. */
    static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static boolean always(String name, Set<String> ours) {
        String folded = folded(name);
        return HOP_BY_HOP.contains(folded)
                || PROXY_ONLY.contains(folded)
                || folded.startsWith("x-forwarded-")
                || folded.startsWith("x-postern-")
                || folded.startsWith("x-mobileiron-")
                || ours.contains(folded)
                || FramingFields.lookAlike(name);
    }

    static boolean notInTrailers(String name) {
        return HEAD_ONLY.contains(name.toLowerCase(Locale.ROOT));
    }

    private Removals() {}
}
