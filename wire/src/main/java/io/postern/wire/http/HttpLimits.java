package io.postern.wire.http;

/**
 * Bounds on what a peer may make us hold and read for one HTTP/1 message.
 *
 * @param requestLine bytes of a request or status line without its CRLF
 * @param headers bytes of all field lines of a head, CRLFs and the closing empty line included
 * @param fields field lines of a head, or of a trailer section
 * @param trailers bytes of a trailer section, its closing empty line included
 * @param chunkLine bytes of a chunk's size and extensions without the CRLF
 */
public record HttpLimits(int requestLine, int headers, int fields, int trailers, int chunkLine) {

    public static final HttpLimits DEFAULTS = new HttpLimits(8 * 1024, 64 * 1024, 100, 8 * 1024, 256);

    private static final int MOST = 1024 * 1024;

    public HttpLimits {
        within("request-line", requestLine, 64);
        within("headers", headers, 256);
        within("fields", fields, 1);
        within("trailers", trailers, 2);
        within("chunk-line", chunkLine, 16);
    }

    /** Bytes after which a head parser is never undecided: an empty line, the first line, the fields. */
    public int head() {
        return 2 + requestLine + 2 + headers;
    }

    private static void within(String name, int value, int least) {
        if (value < least || value > MOST) {
            throw new IllegalArgumentException(name + " is " + value + ", must be " + least + " to " + MOST);
        }
    }
}
