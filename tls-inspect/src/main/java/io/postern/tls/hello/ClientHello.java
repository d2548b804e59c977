package io.postern.tls.hello;

import java.util.List;
import java.util.Optional;

/**
 * What a client offers (RFC 8446 section 4.1.2), GREASE values kept where they were.
 *
 * @param legacyVersion the version field of the message, such as 0x0303
 * @param serverName the one name of the server_name extension; with {@code encryptedHello} it need not be the true one
 * @param alpn protocol ids in order of preference, one char per byte
 * @param extensions types in the order sent
 * @param keyShares groups of the key shares sent along, RFC 8446 section 4.2.8
 * @param pointFormats one byte each
 * @param encryptedHello what an Encrypted ClientHello extension shows, if there is one
 */
public record ClientHello(
        int legacyVersion,
        Optional<ServerName> serverName,
        List<String> alpn,
        Codes cipherSuites,
        Codes extensions,
        Codes supportedVersions,
        Codes groups,
        Codes keyShares,
        Codes pointFormats,
        Codes signatureAlgorithms,
        Optional<EncryptedHello> encryptedHello) {

    /** encrypted_server_name of draft-ietf-tls-esni-01 to -06, given up since. */
    private static final int OLD_ENCRYPTED_NAME = 0xFFCE;

    /** ML-KEM alone and in hybrids, as IANA lists them, and the drafts with Kyber and NTRU before it. */
    private static final Codes POST_QUANTUM =
            Codes.of(0x0200, 0x0201, 0x0202, 0x11EB, 0x11EC, 0x11ED, 0x11EE, 0x4138, 0x6399, 0x639A, 0xFE30, 0xFE31);

    public ClientHello {
        alpn = List.copyOf(alpn);
    }

    /** The highest version offered, GREASE aside: of supported_versions if it is there, else the message's own. */
    public int highestVersionCode() {
        if (supportedVersions.size() == 0) {
            return legacyVersion;
        }
        int highest = 0;
        for (int i = 0; i < supportedVersions.size(); i++) {
            int version = supportedVersions.at(i);
            highest = Codes.grease(version) ? highest : Versions.newer(highest, version);
        }
        return highest;
    }

    /** {@link #highestVersionCode()} as OCSF has it: {@code 1.3}; hexadecimal for a draft or an unknown one. */
    public String highestVersion() {
        return Versions.text(highestVersionCode());
    }

    /** Whether an Encrypted ClientHello extension is there (0xfe0d), real or GREASE: nobody outside can tell. */
    public boolean encrypted() {
        return encryptedHello.isPresent();
    }

    /** Whether the name is hidden the old way, ESNI. */
    public boolean encryptedName() {
        return extensions.contains(OLD_ENCRYPTED_NAME);
    }

    /** Whether a key share sent along is of a post-quantum group, alone or hybrid. */
    public boolean postQuantum() {
        for (int i = 0; i < keyShares.size(); i++) {
            if (POST_QUANTUM.contains(keyShares.at(i))) {
                return true;
            }
        }
        return false;
    }
}
