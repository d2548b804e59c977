package io.postern.tls.hello;

import java.util.Optional;

/**
 * What a server chose (RFC 8446 section 4.1.3).
 *
 * @param legacyVersion the version field of the message
 * @param selectedVersion of supported_versions, 0 without
 * @param alpn the protocol chosen, where it is told in clear: up to TLS 1.2
 * @param extensions types in the order sent
 * @param group of the key share, 0 without
 * @param retry whether this is a HelloRetryRequest, after which the client says hello again
 */
public record ServerHello(
        int legacyVersion,
        int selectedVersion,
        int cipherSuite,
        Optional<String> alpn,
        Codes extensions,
        int group,
        boolean retry) {

    /** The version both will speak. */
    public int versionCode() {
        return selectedVersion == 0 ? legacyVersion : selectedVersion;
    }

    /** {@link #versionCode()} as {@link ClientHello#highestVersion()} writes it. */
    public String version() {
        return Versions.text(versionCode());
    }
}
