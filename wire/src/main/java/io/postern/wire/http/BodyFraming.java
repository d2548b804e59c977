package io.postern.wire.http;

/**
 * What follows a head, by RFC 9112 section 6.3.
 *
 * @param kind how its end is known
 * @param bytes the length for {@link Kind#LENGTH}, at least 1; else 0
 */
public record BodyFraming(Kind kind, long bytes) {

    public enum Kind {
        NONE,
        LENGTH,
        CHUNKED,
        /** Responses only. */
        UNTIL_CLOSE
    }

    public static final BodyFraming NONE = new BodyFraming(Kind.NONE, 0);
    public static final BodyFraming CHUNKED = new BodyFraming(Kind.CHUNKED, 0);
    public static final BodyFraming UNTIL_CLOSE = new BodyFraming(Kind.UNTIL_CLOSE, 0);

    public BodyFraming {
        if (kind == Kind.LENGTH ? bytes < 1 : bytes != 0) {
            throw new IllegalArgumentException(bytes + " bytes of kind " + kind);
        }
    }

    /** {@link #NONE} for zero. */
    public static BodyFraming length(long bytes) {
        return bytes == 0 ? NONE : new BodyFraming(Kind.LENGTH, bytes);
    }

    /**
     * What follows a request.
     *
     * @throws IllegalArgumentException when its framing is severe: such a message has no end to be found
     */
    public static BodyFraming of(RequestHead head) {
        FramingFields framing = readable(FramingFields.of(head.fields(), head.minorVersion()));
        if (framing.chunked()) {
            return CHUNKED;
        }
        return framing.length() < 0 ? NONE : length(framing.length());
    }

    /**
     * What follows a response. After 101, and after a 2xx to CONNECT, nothing of HTTP does.
     *
     * @param requestMethod of the request it answers, as forwarded
     * @throws IllegalArgumentException when its framing is severe: such a message has no end to be found
     */
    public static BodyFraming of(String requestMethod, ResponseHead head) {
        FramingFields framing = readable(FramingFields.of(head.fields(), head.minorVersion()));
        if (contentless(requestMethod, head.status())) {
            return NONE;
        }
        if (framing.chunked()) {
            return CHUNKED;
        }
        return framing.length() < 0 ? UNTIL_CLOSE : length(framing.length());
    }

    private static boolean contentless(String requestMethod, int status) {
        return status < 200
                || status == 204
                || status == 304
                || requestMethod.equals("HEAD")
                || (requestMethod.equals("CONNECT") && status < 300);
    }

    private static FramingFields readable(FramingFields framing) {
        if (framing.conformance().grade() == Conformance.Grade.SEVERE) {
            throw new IllegalArgumentException(framing.conformance().rule());
        }
        return framing;
    }
}
