package io.postern.tls.hello;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;

/**
 * Reads hellos whose message somebody else put together: from CRYPTO frames, DTLS fragments or records. Never answers
 * {@link Parse.NeedMore}: the message is whole. Stateless.
 */
public final class HandshakeBodies {

    /** Types of handshake messages, RFC 8446 section 4, RFC 5246 section 7.4, RFC 6347 section 4.2.2. */
    public static final int CLIENT_HELLO = 1;

    public static final int SERVER_HELLO = 2;
    public static final int HELLO_VERIFY_REQUEST = 3;
    public static final int CERTIFICATE = 11;

    /** @param body the message without its header; its length is what {@code consumed} says */
    public static Parse<ClientHello> clientHello(ByteCursor body) {
        return new HelloBody(false).read(body, body.remaining());
    }

    /** The same of DTLS, with its cookie (RFC 6347 section 4.2.1). */
    public static Parse<ClientHello> dtlsClientHello(ByteCursor body) {
        return new HelloBody(true).read(body, body.remaining());
    }

    /** Of TLS and DTLS alike. */
    public static Parse<ServerHello> serverHello(ByteCursor body) {
        return new ServerHelloBody().read(body, body.remaining());
    }

    private HandshakeBodies() {}
}
