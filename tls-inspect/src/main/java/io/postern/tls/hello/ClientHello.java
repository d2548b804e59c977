package io.postern.tls.hello;

import java.util.List;
import java.util.Optional;

/**
 * What a client offers (RFC 8446 section 4.1.2), GREASE values kept where they were.
 *
 * @param legacyVersion the version field of the message, such as 0x0303
 * @param serverName the one name of the server_name extension; with {@code encrypted} it need not be the true one
 * @param alpn protocol ids in order of preference, one char per byte
 * @param extensions types in the order sent
 * @param pointFormats one byte each
 * @param encrypted whether an Encrypted ClientHello extension is there (0xfe0d), real or GREASE: nobody outside can tell
 */
public record ClientHello(
        int legacyVersion,
        Optional<ServerName> serverName,
        List<String> alpn,
        Codes cipherSuites,
        Codes extensions,
        Codes supportedVersions,
        Codes groups,
        Codes pointFormats,
        Codes signatureAlgorithms,
        boolean encrypted) {

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
            highest = Codes.grease(version) ? highest : Math.max(highest, version);
        }
        return highest;
    }

    /** {@link #highestVersionCode()} as OCSF has it: {@code 1.3}; hexadecimal for a draft or an unknown one. */
    public String highestVersion() {
        return switch (highestVersionCode()) {
            case 0x0304 -> "1.3";
            case 0x0303 -> "1.2";
            case 0x0302 -> "1.1";
            case 0x0301 -> "1.0";
            case 0x0300 -> "SSLv3";
            default ->
                "0x" + Integer.toHexString(0x10000 | highestVersionCode()).substring(1);
        };
    }
}
