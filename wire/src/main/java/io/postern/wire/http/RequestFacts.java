package io.postern.wire.http;

import java.util.Locale;
import java.util.Optional;

/**
 * What is kept of one request, of HTTP/1 or HTTP/2. Texts are the peer's, nothing here is judged.
 *
 * @param method at most 32 bytes
 * @param authority of the target, else of Host, as {@link #authority(String)} leaves it; it may hold a port, or rubbish
 * @param target path and query, at most {@value #LONGEST_TARGET} chars; empty of a CONNECT. Whoever keeps it needs a reason
 * @param userAgent at most {@value #LONGEST_TEXT} bytes
 * @param headerOrder see {@link HeaderOrder}
 * @param grpc whether the content is gRPC's: {@code application/grpc}, {@code application/grpc+…}
 */
public record RequestFacts(
        String method,
        Optional<String> authority,
        PathClass path,
        String target,
        Optional<String> userAgent,
        String headerOrder,
        boolean grpc) {

    public static final int LONGEST_TEXT = 255;
    public static final int LONGEST_TARGET = 1_024;

    /** Whether a Content-Type is gRPC's: the protocol over HTTP/2 allows what stands behind a plus or semicolon. */
    public static boolean grpc(String contentType) {
        String type = contentType.toLowerCase(Locale.ROOT);
        return type.equals("application/grpc")
                || type.startsWith("application/grpc+")
                || type.startsWith("application/grpc;");
    }

    /** Without user and password, which are credentials (RFC 9110 section 4.2.4), and at most {@value #LONGEST_TEXT} chars. */
    public static String authority(String sent) {
        return capped(sent.substring(sent.lastIndexOf('@') + 1));
    }

    /** Path and query of a target in origin or absolute form (RFC 9112 section 3.2), at most {@value #LONGEST_TARGET} chars of them. */
    public static String target(String sent) {
        int scheme = sent.startsWith("/") ? -1 : sent.indexOf("://");
        int from = scheme < 0 ? 0 : scheme + 3;
        while (scheme >= 0 && from < sent.length() && "/?#".indexOf(sent.charAt(from)) < 0) {
            from++;
        }
        String rest = sent.substring(from);
        String target = scheme < 0 || rest.startsWith("/") ? rest : "/" + rest;
        return target.substring(0, Math.min(LONGEST_TARGET, target.length()));
    }

    /** At most {@value #LONGEST_TEXT} chars of it. */
    public static String capped(String text) {
        return text.substring(0, Math.min(LONGEST_TEXT, text.length()));
    }
}
