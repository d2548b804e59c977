package io.postern.wire.http;

/** What a forward proxy does with a response. */
public sealed interface ResponseForward {

    /**
     * Send it on.
     *
     * @param head for the client
     * @param received what follows it from the origin
     * @param sent what must follow it to the client: differs where an HTTP/1.0 client cannot read chunks
     * @param close the client's connection ends with this response
     */
    record Ready(ResponseHead head, BodyFraming received, BodyFraming sent, boolean close) implements ResponseForward {}

    /** An interim response the client's version has no words for (RFC 9110 section 15.2): drop it, read the next. */
    record Withheld() implements ResponseForward {}

    /** Drop it, close the origin's side and answer with this status. */
    record Refused(int status, String rule) implements ResponseForward {}
}
