package io.postern.tls.hello;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import org.jspecify.annotations.Nullable;

/**
 * Reads a complete ClientHello message.
 *
 * <pre>
 * version16 | random 32 | session id &lt;0..32&gt;8 | suites &lt;2..&gt;16 | compression &lt;1..&gt;8 | [extensions &lt;&gt;16]
 * </pre>
 *
 * <p>RFC 8446 section 4.1.2; DTLS has a cookie &lt;0..255&gt;8 before the suites (RFC 6347 section 4.2.1). {@code <>n} is a vector behind a length of n bits. All bytes are there, so running short is
 * a fault.
 */
final class HelloBody {

    static final String SHORT = "ClientHello ends inside a field, RFC 8446 section 4.1.2";
    static final String VERSION = "ClientHello version is not 3.x, RFC 8446 section 4.1.2";
    static final String DTLS_VERSION = "ClientHello version is not that of DTLS, RFC 6347 section 4.1";
    static final String SESSION_ID = "session id longer than 32 bytes, RFC 8446 section 4.1.2";
    static final String SUITES = "cipher suites empty or of odd length, RFC 8446 section 4.1.2";
    static final String COMPRESSION = "no compression method, RFC 8446 section 4.1.2";
    static final String TRAILING = "bytes after the extensions, RFC 8446 section 4.1.2";

    private static final int RANDOM = 32;
    private static final int LONGEST_SESSION_ID = 32;

    private final HelloExtensions extensions = new HelloExtensions();
    private final boolean dtls;

    HelloBody(boolean dtls) {
        this.dtls = dtls;
    }

    Parse<ClientHello> read(ByteCursor body, int consumed) {
        int version = body.u16();
        body.skip(RANDOM);
        ByteCursor sessionId = body.vector8();
        if (dtls) {
            body.vector8();
        }
        ByteCursor suites = body.vector16();
        ByteCursor compression = body.vector8();
        if (body.ranShort()) {
            return new Parse.Malformed<>(SHORT);
        }
        String fault = fault(version, sessionId, suites, compression);
        if (fault == null) {
            fault = extensions(body);
        }
        return fault == null
                ? new Parse.Done<>(extensions.hello(version, Codes.read16(suites)), consumed)
                : new Parse.Malformed<>(fault);
    }

    private @Nullable String fault(int version, ByteCursor sessionId, ByteCursor suites, ByteCursor compression) {
        if (version >> 8 != (dtls ? 0xFE : 3)) {
            return dtls ? DTLS_VERSION : VERSION;
        }
        if (sessionId.remaining() > LONGEST_SESSION_ID) {
            return SESSION_ID;
        }
        if (suites.isEmpty() || suites.remaining() % 2 != 0) {
            return SUITES;
        }
        return compression.isEmpty() ? COMPRESSION : null;
    }

    /** TLS 1.2 and older may leave the whole block out, RFC 5246 section 7.4.1.2. */
    private @Nullable String extensions(ByteCursor body) {
        if (body.isEmpty()) {
            return null;
        }
        ByteCursor block = body.vector16();
        if (body.ranShort()) {
            return SHORT;
        }
        return body.isEmpty() ? extensions.read(block) : TRAILING;
    }
}
