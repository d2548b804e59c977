package io.postern.analytics.instrument;

import java.nio.charset.StandardCharsets;

/** What compressed data begins with: archives, pictures, sound, films, fonts. By the formats' own specifications. */
final class Magic {

    /** Bytes that are looked at. */
    static final int LONGEST = 12;

    private static final byte[][] BEGINNINGS = {
        // gzip, RFC 1952; zlib, RFC 1950, at its three usual levels.
        octets(0x1F, 0x8B, 0x08),
        octets(0x78, 0x01),
        octets(0x78, 0x9C),
        octets(0x78, 0xDA),
        // zip and what is one (apk, jar, docx).
        octets('P', 'K', 0x03, 0x04),
        // Zstandard, RFC 8878; LZ4 frames; xz; bzip2; 7z; rar.
        octets(0x28, 0xB5, 0x2F, 0xFD),
        octets(0x04, 0x22, 0x4D, 0x18),
        octets(0xFD, '7', 'z', 'X', 'Z', 0x00),
        octets('B', 'Z', 'h'),
        octets('7', 'z', 0xBC, 0xAF, 0x27, 0x1C),
        octets('R', 'a', 'r', '!'),
        // JPEG, PNG, GIF.
        octets(0xFF, 0xD8, 0xFF),
        octets(0x89, 'P', 'N', 'G'),
        octets('G', 'I', 'F', '8'),
        // Matroska and WebM, Ogg, FLAC, MP3 with ID3.
        octets(0x1A, 0x45, 0xDF, 0xA3),
        octets('O', 'g', 'g', 'S'),
        octets('f', 'L', 'a', 'C'),
        octets('I', 'D', '3'),
        // Fonts, PDF.
        octets('w', 'O', 'F', 'F'),
        octets('w', 'O', 'F', '2'),
        octets('%', 'P', 'D', 'F'),
    };

    private static final byte[] RIFF = "RIFF".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] WEBP = "WEBP".getBytes(StandardCharsets.US_ASCII);
    /** MP4, HEIF, AVIF: the type of their first box, behind its size. */
    private static final byte[] FTYP = "ftyp".getBytes(StandardCharsets.US_ASCII);

    private Magic() {}

    private static byte[] octets(int... octets) {
        byte[] all = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            all[i] = (byte) octets[i];
        }
        return all;
    }

    /** @param first {@value #LONGEST} bytes, zeros where there are fewer */
    static boolean compressed(byte[] first) {
        for (byte[] beginning : BEGINNINGS) {
            if (at(first, 0, beginning)) {
                return true;
            }
        }
        return at(first, 4, FTYP) || (at(first, 0, RIFF) && at(first, 8, WEBP));
    }

    private static boolean at(byte[] first, int from, byte[] beginning) {
        for (int i = 0; i < beginning.length; i++) {
            if (first[from + i] != beginning[i]) {
                return false;
            }
        }
        return true;
    }
}
