package io.postern.gateway.dns;

import io.postern.gateway.identity.CompactTag;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for, of RFC 8484's template: the listener's path, or the path of one tag.
 *
 * <pre>
 * /dns-query{?dns}
 * /dns-query/pst1.acme.LC07.work/-~1893456000~k1~MAC{?dns}
 * </pre>
 *
 * A path with a tag is a secret: it is told to nobody, not even to the log.
 *
 * @param tag as written, not verified yet
 * @param dns the variable, as written
 */
record DohPath(Optional<CompactTag> tag, Optional<String> dns) {

    private static final String VARIABLE = "dns=";

    /** Of the target of a request; empty when it is none of this listener's. */
    static Optional<DohPath> of(String path, String target) {
        int query = target.indexOf('?');
        String asked = query < 0 ? target : target.substring(0, query);
        Optional<String> dns = query < 0 ? Optional.empty() : variable(target.substring(query + 1));
        if (asked.equals(path)) {
            return Optional.of(new DohPath(Optional.empty(), dns));
        }
        return asked.startsWith(path + "/")
                ? tag(asked.substring(path.length() + 1)).map(tag -> new DohPath(Optional.of(tag), dns))
                : Optional.empty();
    }

    /** Clients from before RFC 3986 write the tilde as %7E. */
    private static Optional<CompactTag> tag(String rest) {
        int slash = rest.indexOf('/');
        return slash <= 0
                ? Optional.empty()
                : Optional.of(new CompactTag(
                        rest.substring(0, slash),
                        rest.substring(slash + 1).replace("%7E", "~").replace("%7e", "~")));
    }

    private static Optional<String> variable(String query) {
        @Nullable String found = null;
        for (String each : query.split("&", -1)) {
            if (each.startsWith(VARIABLE)) {
                if (found != null) {
                    return Optional.empty();
                }
                found = each.substring(VARIABLE.length());
            }
        }
        return Optional.ofNullable(found);
    }

    /** The message of a GET, which has no padding (RFC 8484 section 6); empty when it is none. */
    Optional<byte[]> message() {
        try {
            return dns.filter(text -> !text.isEmpty()).map(Base64.getUrlDecoder()::decode);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** Without what is secret. */
    @Override
    public String toString() {
        return "DohPath";
    }
}
