package io.postern.wire.http;

import java.util.Locale;
import java.util.Set;

/** All that is kept of the path of a request: a coarse class, never a letter of it. */
public enum PathClass {
    /** No path: CONNECT's authority, the asterisk. */
    NONE,
    /** {@code /}, with or without a query. */
    ROOT,
    /** The last segment ends like a picture, script, style, font, sound, film or archive. */
    FILE,
    /** A segment is {@code api}, {@code rest}, {@code rpc}, {@code graphql}, or {@code v} and digits. */
    API,
    /** Another path, with a query. */
    QUERY,
    /** Another path. */
    OTHER;

    /** Longer segments are names of nothing that is looked for. */
    private static final int LONGEST_WORD = 8;

    private static final Set<String> API_WORDS = Set.of("api", "apis", "rest", "rpc", "graphql", "jsonrpc", "soap");
    private static final Set<String> ENDINGS = Set.of(
            "png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "ico", "css", "js", "mjs", "map", "woff", "woff2",
            "ttf", "otf", "mp3", "ogg", "aac", "m4a", "mp4", "webm", "ts", "m4s", "mpd", "m3u8", "zip", "gz", "xz",
            "br", "apk", "aab", "exe", "dll", "bin", "pdf", "txt", "html", "htm", "wasm");

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As written in records. */
    public String label() {
        return label;
    }

    /**
     * By a request target of any form, RFC 9112 section 3.2, or HTTP/2's {@code :path}.
     *
     * @param target or its beginning
     */
    public static PathClass of(String target) {
        int scheme = target.indexOf("://");
        int from = target.startsWith("/") ? 0 : scheme < 0 ? -1 : target.indexOf('/', scheme + 3);
        if (from < 0) {
            return scheme < 0 ? NONE : ROOT;
        }
        int query = target.indexOf('?', from);
        String path = target.substring(from, query < 0 ? target.length() : query);
        if (path.length() == 1) {
            return ROOT;
        }
        if (endsLikeFile(path)) {
            return FILE;
        }
        return hasApiWord(path) ? API : query < 0 ? OTHER : QUERY;
    }

    private static boolean endsLikeFile(String path) {
        int dot = path.lastIndexOf('.');
        return dot > path.lastIndexOf('/')
                && path.length() - dot <= LONGEST_WORD
                && ENDINGS.contains(path.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    private static boolean hasApiWord(String path) {
        int from = 1;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            if (to - from <= LONGEST_WORD && apiWord(path.substring(from, to).toLowerCase(Locale.ROOT))) {
                return true;
            }
            from = to + 1;
        }
        return false;
    }

    private static boolean apiWord(String segment) {
        if (segment.length() < 2 || segment.charAt(0) != 'v') {
            return API_WORDS.contains(segment);
        }
        char second = segment.charAt(1);
        return second >= '0' && second <= '9';
    }
}
