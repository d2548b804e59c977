package io.postern.analytics.attack;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names that look like a tunnel's and are none, in the forms that their services have them asked for. */
enum LookAlike {
    /** A video's caches, by number and place; apps connect to them. */
    VIDEO_CACHES("googlevideo.com", true) {
        @Override
        String name(int number) {
            String place = hash(number / 7).replaceAll("[^a-z]", "").concat("nsz");
            return "r" + (1 + number % 7) + "---sn-4g5e" + place.substring(0, 3) + number + ".googlevideo.com";
        }
    },
    /** Pictures of a social network, by point of presence. */
    PICTURE_CACHES("fbcdn.net", true) {
        @Override
        String name(int number) {
            return "scontent-" + (char) ('a' + number % 26) + "ra" + number + "-" + (1 + number % 3) + ".xx.fbcdn.net";
        }
    },
    /** Hashes of files, asked of a virus scanner's maker and answered with 127.x. */
    ANTI_VIRUS("mcafee.com", false) {
        @Override
        String name(int number) {
            return "4z9p5tjmcbnblehp4557z1d136." + hash(number).substring(0, 26) + ".avqs.mcafee.com";
        }
    },
    /** The same of another. */
    FILE_REPUTATION("sophosxl.net", false) {
        @Override
        String name(int number) {
            return hash(number).substring(0, 40) + "." + hash(-number).substring(0, 20) + ".w.10.1.1.sophosxl.net";
        }
    },
    /** Servers that a mail came by, last octet first (RFC 5782). */
    MAIL_BLOCK_LIST("spamhaus.org", false) {
        @Override
        String name(int number) {
            return number % 251 + "." + number % 239 + "." + number % 241 + "." + (1 + number % 223)
                    + ".zen.spamhaus.org";
        }
    },
    /** Hosts that are named in a mail. */
    LINK_BLOCK_LIST("surbl.org", false) {
        @Override
        String name(int number) {
            return hash(number).substring(0, 18) + ".example.multi.surbl.org";
        }
    };

    private final String domain;
    private final boolean connected;

    LookAlike(String domain, boolean connected) {
        this.domain = domain;
        this.connected = connected;
    }

    String domain() {
        return domain;
    }

    /** Whether apps connect to what they asked for. */
    boolean connected() {
        return connected;
    }

    abstract String name(int number);

    private static String hash(int number) {
        try {
            byte[] bytes = MessageDigest.getInstance("SHA-256")
                    .digest(Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
            return new BigInteger(HexFormat.of().formatHex(bytes), 16).toString(36) + "zzzzzzzzzz";
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}
