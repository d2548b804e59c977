package io.postern.wire.http;

/** What a forward proxy does with a request. */
public sealed interface RequestForward {

    /**
     * Send it on.
     *
     * @param head for the origin: origin-form, our framing, nothing meant for us
     * @param target where the client wants it sent
     * @param body what follows the head from the client, and must follow it to the origin
     * @param websocket whether 101 may be passed back
     * @param expectsContinue whether the client holds the body back until a 100
     * @param close neither connection may carry another request after this one
     */
    record Ready(
            RequestHead head,
            RequestTarget.Absolute target,
            BodyFraming body,
            boolean websocket,
            boolean expectsContinue,
            boolean close)
            implements RequestForward {}

    /** Answer with this status and close. */
    record Refused(int status, String rule) implements RequestForward {}
}
