package io.postern.tls.hello;

/** Versions of TLS and DTLS as they stand on the wire. */
final class Versions {

    private static final int DTLS = 0xFE00;

    /** As OCSF has it: {@code 1.3}; hexadecimal for a draft or an unknown one. */
    static String text(int version) {
        return switch (version) {
            case 0x0304 -> "1.3";
            case 0x0303 -> "1.2";
            case 0x0302 -> "1.1";
            case 0x0301 -> "1.0";
            case 0x0300 -> "SSLv3";
            case 0x0002 -> "SSLv2";
            case 0xFEFC -> "DTLS 1.3";
            case 0xFEFD -> "DTLS 1.2";
            case 0xFEFF -> "DTLS 1.0";
            default -> "0x" + Integer.toHexString(0x10000 | version).substring(1);
        };
    }

    /** The newer one; DTLS counts its versions downwards, RFC 6347 section 4.1. */
    static int newer(int one, int other) {
        boolean downwards = (one & other & DTLS) == DTLS;
        return downwards ? Math.min(one, other) : Math.max(one, other);
    }

    private Versions() {}
}
