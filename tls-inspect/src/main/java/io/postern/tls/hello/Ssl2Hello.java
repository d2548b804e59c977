package io.postern.tls.hello;

/**
 * A hello in the shape of SSLv2 (RFC 5246 appendix E.2): from software that is very old, or scans. It has no extensions
 * and so no name; JA3 and JA4 are not defined for it.
 *
 * @param version the highest offered, such as 0x0301; 0x0002 for SSLv2 itself
 * @param cipherSuites of SSLv3 and TLS among its cipher specs
 * @param ownSpecs how many others, SSLv2's own, there are
 */
public record Ssl2Hello(int version, Codes cipherSuites, int ownSpecs) {

    /** {@code version} as {@link ClientHello#highestVersion()} writes it. */
    public String highestVersion() {
        return Versions.text(version);
    }
}
