package io.postern.tls.hello;

import io.postern.wire.ByteCursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the extensions a gateway learns from, and checks of the others that their lengths add up. */
final class HelloExtensions {

    static final String SHORT = "extension longer than its block, RFC 8446 section 4.2";
    static final String TWICE = "extension sent twice, RFC 8446 section 4.2";
    static final String NOT_LAST = "pre_shared_key is not the last extension, RFC 8446 section 4.2.11";
    static final String SERVER_NAME = "server_name is not one host name, RFC 6066 section 3";
    static final String GROUPS = "supported_groups is not a list of groups, RFC 8446 section 4.2.7";
    static final String POINT_FORMATS = "ec_point_formats is not a list of formats, RFC 8422 section 5.1.2";
    static final String SIGNATURES = "signature_algorithms is not a list of schemes, RFC 8446 section 4.2.3";
    static final String ALPN = "ALPN is not a list of protocol names, RFC 7301 section 3.1";
    static final String VERSIONS = "supported_versions is not a list of versions, RFC 8446 section 4.2.1";

    /** Names kept of the list, which a hello has room for by the ten thousand. */
    static final int MAX_ALPN = 32;

    /** Clients send one to three. */
    static final int MAX_KEY_SHARES = 16;

    private static final int TYPE_SERVER_NAME = 0;
    private static final int TYPE_GROUPS = 10;
    private static final int TYPE_POINT_FORMATS = 11;
    private static final int TYPE_SIGNATURES = 13;
    private static final int TYPE_ALPN = 16;
    private static final int TYPE_PRE_SHARED_KEY = 41;
    private static final int TYPE_VERSIONS = 43;
    private static final int TYPE_KEY_SHARE = 51;
    private static final int TYPE_ENCRYPTED_HELLO = 0xFE0D;

    private static final int HOST_NAME = 0;
    private static final int ECH_OUTER = 0;
    private static final int ECH_INNER = 1;
    /** A KDF's and an AEAD's number. */
    private static final int ECH_SUITE = 4;

    private static final int SMALLEST = 4;

    private char[] types = new char[24];
    private int count;
    private Optional<ServerName> serverName = Optional.empty();
    private List<String> alpn = List.of();
    private Codes versions = Codes.NONE;
    private Codes groups = Codes.NONE;
    private Codes keyShares = Codes.NONE;
    private Codes pointFormats = Codes.NONE;
    private Codes signatures = Codes.NONE;
    private Optional<EncryptedHello> encrypted = Optional.empty();

    /** The first rule broken, if any. */
    @Nullable
    String read(ByteCursor block) {
        while (!block.isEmpty()) {
            int type = block.u16();
            ByteCursor body = block.vector16();
            if (block.ranShort()) {
                return SHORT;
            }
            if (type == TYPE_PRE_SHARED_KEY && !block.isEmpty()) {
                return NOT_LAST;
            }
            remember(type, block.remaining());
            String fault = extension(type, body);
            if (fault != null) {
                return fault;
            }
        }
        return anyTwice() ? TWICE : null;
    }

    ClientHello hello(int version, Codes suites) {
        return new ClientHello(
                version,
                serverName,
                alpn,
                suites,
                Codes.adopt(types, count),
                versions,
                groups,
                keyShares,
                pointFormats,
                signatures,
                encrypted);
    }

    private @Nullable String extension(int type, ByteCursor body) {
        return switch (type) {
            case TYPE_SERVER_NAME -> serverName(body);
            case TYPE_GROUPS -> {
                groups = list16(body.vector16(), body);
                yield orFault(groups, GROUPS);
            }
            case TYPE_POINT_FORMATS -> {
                ByteCursor formats = body.vector8();
                pointFormats = wellFormed(formats, body) ? Codes.read8(formats) : Codes.NONE;
                yield orFault(pointFormats, POINT_FORMATS);
            }
            case TYPE_SIGNATURES -> {
                signatures = list16(body.vector16(), body);
                yield orFault(signatures, SIGNATURES);
            }
            case TYPE_VERSIONS -> {
                versions = list16(body.vector8(), body);
                yield orFault(versions, VERSIONS);
            }
            case TYPE_ALPN -> alpn(body);
            case TYPE_ENCRYPTED_HELLO -> {
                encrypted = Optional.of(encrypted(body));
                yield null;
            }
            case TYPE_KEY_SHARE -> {
                keyShares = keyShares(body);
                yield null;
            }
            default -> null;
        };
    }

    /** Names of other types are read over: none was ever defined. */
    private @Nullable String serverName(ByteCursor body) {
        ByteCursor names = body.vector16();
        if (!wellFormed(names, body)) {
            return SERVER_NAME;
        }
        while (!names.isEmpty()) {
            int type = names.u8();
            ByteCursor name = names.vector16();
            boolean again = type == HOST_NAME && serverName.isPresent();
            if (names.ranShort() || name.isEmpty() || again) {
                return SERVER_NAME;
            }
            if (type == HOST_NAME) {
                serverName = Optional.of(ServerName.read(name));
            }
        }
        return null;
    }

    private @Nullable String alpn(ByteCursor body) {
        ByteCursor names = body.vector16();
        if (!wellFormed(names, body)) {
            return ALPN;
        }
        List<String> read = new ArrayList<>(3);
        while (!names.isEmpty()) {
            ByteCursor name = names.vector8();
            if (names.ranShort() || name.isEmpty()) {
                return ALPN;
            }
            // All are checked; so many are kept that none of a client in good faith is missed.
            if (read.size() < MAX_ALPN) {
                read.add(name.latin1());
            }
        }
        alpn = read;
        return null;
    }

    /** What is no list of shares, as in drafts of TLS 1.3, has none. Empty asks for a retry, RFC 8446 section 4.2.8. */
    private static Codes keyShares(ByteCursor body) {
        ByteCursor shares = body.vector16();
        char[] groups = new char[MAX_KEY_SHARES];
        int read = 0;
        while (!shares.isEmpty() && read < MAX_KEY_SHARES) {
            groups[read++] = (char) shares.u16();
            shares.vector16();
        }
        return shares.ranShort() || body.ranShort() ? Codes.NONE : Codes.adopt(groups, read);
    }

    private static EncryptedHello encrypted(ByteCursor body) {
        int type = body.u8();
        if (type == ECH_INNER && !body.ranShort() && body.isEmpty()) {
            return new EncryptedHello(EncryptedHello.Kind.INNER, -1);
        }
        body.skip(ECH_SUITE);
        int configId = body.u8();
        body.vector16();
        ByteCursor payload = body.vector16();
        boolean outer = type == ECH_OUTER && !body.ranShort() && body.isEmpty() && !payload.isEmpty();
        return outer
                ? new EncryptedHello(EncryptedHello.Kind.OUTER, configId)
                : new EncryptedHello(EncryptedHello.Kind.UNREADABLE, -1);
    }

    /** No list read here may be empty. */
    private static @Nullable String orFault(Codes codes, String rule) {
        return codes.size() == 0 ? rule : null;
    }

    private static Codes list16(ByteCursor list, ByteCursor body) {
        return wellFormed(list, body) && list.remaining() % 2 == 0 ? Codes.read16(list) : Codes.NONE;
    }

    /** A list that is there, is not empty and fills its extension. */
    private static boolean wellFormed(ByteCursor list, ByteCursor body) {
        return !list.isEmpty() && !body.ranShort() && body.isEmpty();
    }

    /** Grows by what the rest of the block can still hold, so that memory stays in proportion to the bytes sent. */
    private void remember(int type, int rest) {
        if (count == types.length) {
            types = Arrays.copyOf(types, Math.min(2 * count, count + 1 + rest / SMALLEST));
        }
        types[count++] = (char) type;
    }

    /** By sorting: looking each one up in those before would be quadratic in what a peer sends. */
    private boolean anyTwice() {
        char[] sorted = Arrays.copyOf(types, count);
        Arrays.sort(sorted);
        for (int i = 1; i < count; i++) {
            if (sorted[i] == sorted[i - 1]) {
                return true;
            }
        }
        return false;
    }
}
