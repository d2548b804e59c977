package io.postern.analytics.instrument;

import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Flow;

/**
 * What is odd about the name that a flow goes by (SNI, Host)? A set of marks in an int; none is odd enough by itself.
 * A name that is hidden (ECH) is no anomaly: of its outer name nothing is said.
 */
public final class NameShape {

    /** It is an address, or has no name at all. */
    public static final int ADDRESS = 1;
    /** It speaks TLS and names nobody; odd where the app always does. */
    public static final int NO_SNI = 1 << 1;
    /** Its longest label is {@value #LONG_LABEL} letters or longer. */
    public static final int LONG = 1 << 2;
    /** Its longest label is not made of words. */
    public static final int RANDOM = 1 << 3;
    /** Some of its labels are punycode, and some are not. */
    public static final int PUNYCODE_MIX = 1 << 4;
    /** The real name is not to be seen. */
    public static final int HIDDEN = 1 << 5;

    /** Marks that there are. */
    public static final int BITS = 6;

    /** Letters of a label from which on it is long. */
    public static final int LONG_LABEL = 24;

    private static final int SHORTEST_TO_JUDGE = 8;
    private static final String PUNYCODE = "xn--";

    private NameShape() {}

    /** What its hello says of itself: whether it names nobody, or hides whom. */
    public static int ofHello(Flow flow) {
        if (flow.tls().isEmpty()) {
            return 0;
        }
        Flow.TlsShape tls = flow.tls().get();
        if (tls.hidden()) {
            return HIDDEN;
        }
        return tls.sni().isEmpty() ? NO_SNI : 0;
    }

    /** What its name looks like; where the real one is hidden, that of an outer name, of which nothing is to be made. */
    public static int of(Destination destination) {
        return destination.hasName() && !isAddress(destination.host())
                ? ofName(destination.host(), destination.domain())
                : ADDRESS;
    }

    private static int ofName(String host, String domain) {
        int end = domain.isEmpty() ? host.length() : host.length() - suffix(domain);
        int longestFrom = 0;
        int longest = 0;
        int punycode = 0;
        int labels = 0;
        for (int from = 0; from < end; ) {
            int dot = host.indexOf('.', from);
            int to = dot < 0 || dot > end ? end : dot;
            labels++;
            if (host.startsWith(PUNYCODE, from)) {
                punycode++;
            } else if (to - from > longest) {
                longest = to - from;
                longestFrom = from;
            }
            from = to + 1;
        }
        int marks = longest >= LONG_LABEL ? LONG : 0;
        if (longest >= SHORTEST_TO_JUDGE && Letters.words(host, longestFrom, longestFrom + longest) < Letters.RANDOM) {
            marks |= RANDOM;
        }
        return punycode > 0 && punycode < labels ? marks | PUNYCODE_MIX : marks;
    }

    /** Letters of a registrable domain that are its public suffix, with the dot before. */
    private static int suffix(String domain) {
        int dot = domain.indexOf('.');
        return dot < 0 ? 0 : domain.length() - dot;
    }

    private static boolean isAddress(String host) {
        if (host.indexOf(':') >= 0) {
            return true;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if ((c < '0' || c > '9') && c != '.') {
                return false;
            }
        }
        return true;
    }
}
