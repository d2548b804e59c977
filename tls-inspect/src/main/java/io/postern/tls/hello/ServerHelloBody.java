package io.postern.tls.hello;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a complete ServerHello message.
 *
 * <pre>
 * version16 | random 32 | session id &lt;0..32&gt;8 | suite16 | compression 1 | [extensions &lt;&gt;16]
 * </pre>
 *
 * <p>RFC 8446 section 4.1.3; drafts of TLS 1.3 before the 22nd had neither session id nor compression,
 * and said 1.3 or their number in the version.
 */
final class ServerHelloBody {

    static final String SHORT = "ServerHello ends inside a field, RFC 8446 section 4.1.3";
    static final String VERSION = "ServerHello version is none of TLS or DTLS, RFC 8446 section 4.1.3";
    static final String SESSION_ID = "session id longer than 32 bytes, RFC 8446 section 4.1.3";
    static final String TRAILING = "bytes after the extensions, RFC 8446 section 4.1.3";
    static final String ALPN = "ALPN is not one protocol name, RFC 7301 section 3.1";
    static final String SELECTED = "supported_versions is not one version, RFC 8446 section 4.2.1";
    static final String KEY_SHARE = "key_share is not of one group, RFC 8446 section 4.2.8";

    private static final int RANDOM = 32;
    private static final int LONGEST_SESSION_ID = 32;
    private static final int TLS_1_3 = 0x0304;
    private static final int FIRST_DRAFT = 0x7F00;
    private static final int LAST_SHORT_DRAFT = 0x7F15;

    private static final int TYPE_ALPN = 16;
    private static final int TYPE_VERSIONS = 43;
    private static final int TYPE_KEY_SHARE = 51;

    /** The first eight bytes of the random that makes it a HelloRetryRequest, RFC 8446 section 4.1.3. */
    private static final long RETRY = 0xCF21AD74E59A6111L;

    private Optional<String> alpn = Optional.empty();
    private int selectedVersion;
    private int group;
    private char[] types = new char[8];
    private int count;

    Parse<ServerHello> read(ByteCursor body, int consumed) {
        int version = body.u16();
        boolean retry = retry(body.slice(RANDOM));
        boolean draft = version == TLS_1_3 || (version >= FIRST_DRAFT && version <= LAST_SHORT_DRAFT);
        int sessionId = draft ? 0 : body.vector8().remaining();
        int suite = body.u16();
        body.skip(draft ? 0 : 1);
        String fault = fault(body, version, sessionId);
        if (fault == null && !body.isEmpty()) {
            fault = extensions(body);
        }
        if (fault != null) {
            return new Parse.Malformed<>(fault);
        }
        Codes extensions = Codes.adopt(types, count);
        return new Parse.Done<>(
                new ServerHello(version, selectedVersion, suite, alpn, extensions, group, retry), consumed);
    }

    private static @Nullable String fault(ByteCursor body, int version, int sessionId) {
        if (body.ranShort()) {
            return SHORT;
        }
        int major = version >> 8;
        if (major != 0x03 && major != 0xFE && major != 0x7F) {
            return VERSION;
        }
        return sessionId > LONGEST_SESSION_ID ? SESSION_ID : null;
    }

    private static boolean retry(ByteCursor random) {
        long first = 0;
        for (int i = 0; i < 8; i++) {
            first = first << 8 | random.u8();
        }
        return first == RETRY;
    }

    private @Nullable String extensions(ByteCursor body) {
        ByteCursor block = body.vector16();
        if (body.ranShort()) {
            return SHORT;
        }
        if (!body.isEmpty()) {
            return TRAILING;
        }
        while (!block.isEmpty()) {
            int type = block.u16();
            ByteCursor extension = block.vector16();
            if (block.ranShort()) {
                return HelloExtensions.SHORT;
            }
            if (count == types.length) {
                types = Arrays.copyOf(types, Math.min(2 * count, count + 1 + block.remaining() / 4));
            }
            types[count++] = (char) type;
            String fault = extension(type, extension);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private @Nullable String extension(int type, ByteCursor body) {
        return switch (type) {
            case TYPE_ALPN -> {
                ByteCursor names = body.vector16();
                ByteCursor name = names.vector8();
                boolean one = !name.isEmpty() && names.isEmpty() && !body.ranShort() && body.isEmpty();
                alpn = one ? Optional.of(name.latin1()) : alpn;
                yield orFault(one, ALPN);
            }
            case TYPE_VERSIONS -> {
                selectedVersion = body.u16();
                yield orFault(!body.ranShort() && body.isEmpty(), SELECTED);
            }
            case TYPE_KEY_SHARE -> {
                group = body.u16();
                yield orFault(!body.ranShort(), KEY_SHARE);
            }
            default -> null;
        };
    }

    private static @Nullable String orFault(boolean kept, String rule) {
        return kept ? null : rule;
    }
}
