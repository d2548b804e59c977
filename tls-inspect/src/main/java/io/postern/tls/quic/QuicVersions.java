package io.postern.tls.quic;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The versions of QUIC that are told apart. */
public final class QuicVersions {

    public static final int VERSION_1 = 1;
    public static final int VERSION_2 = 0x6b3343cf;
    public static final int DRAFT_29 = 0xff00001d;

    /** Of a version negotiation packet. */
    static final int NEGOTIATION = 0;

    /** Google's, where none is shown: {@code Q000}, which none ever was. */
    static final int GOOGLE_UNSAID = 0x51303030;

    private static final int DRAFT_OF_VERSION_2 = 0x709a50c4;
    private static final int DRAFTS = 0xff000000;
    private static final int FIRST_DRAFT = 22;
    private static final int LAST_DRAFT = 34;
    private static final int MVFST_22 = 0xfaceb001;
    private static final int MVFST_27 = 0xfaceb002;
    private static final int MVFST_27_TOO = 0xfaceb00e;
    private static final int GOOGLE_T050 = 0x54303530;
    private static final int GOOGLE_T051 = 0x54303531;

    /**
     * {@code 1}, {@code 2}, {@code draft-29}, {@code Q046}; hexadecimal for one without a name.
     *
     * @param version as on the wire
     */
    public static String name(int version) {
        if (version == VERSION_1 || version == VERSION_2) {
            return version == VERSION_1 ? "1" : "2";
        }
        if (draft(version)) {
            return "draft-" + (version ^ DRAFTS);
        }
        return google(version) ? letters(version) : "0x" + HexFormat.of().toHexDigits(version);
    }

    /** Whether there is a key for this version's Initials. */
    static boolean opens(int version) {
        return version == VERSION_1
                || second(version)
                || draft(version)
                || version == MVFST_22
                || version == MVFST_27
                || version == MVFST_27_TOO
                || version == GOOGLE_T050
                || version == GOOGLE_T051;
    }

    /** Version 2 and its drafts: other labels and other packet types, RFC 9369 section 3. */
    static boolean second(int version) {
        return version == VERSION_2 || version == DRAFT_OF_VERSION_2;
    }

    /** Reserved to be refused, RFC 9000 section 15. */
    static boolean reserved(int version) {
        return (version & 0x0f0f0f0f) == 0x0a0a0a0a;
    }

    /** Google's own, from before the IETF's: a letter and three digits. */
    static boolean google(int version) {
        String tag = letters(version);
        return (tag.charAt(0) == 'Q' || tag.charAt(0) == 'T')
                && tag.charAt(1) == '0'
                && digit(tag.charAt(2))
                && digit(tag.charAt(3));
    }

    /** The salt of the initial secret; only for versions that {@link #opens} knows. */
    static byte[] salt(int version) {
        return switch (version) {
            case VERSION_1 -> Salts.VERSION_1;
            case VERSION_2 -> Salts.VERSION_2;
            case DRAFT_OF_VERSION_2 -> Salts.DRAFT_OF_VERSION_2;
            case MVFST_22 -> Salts.DRAFT_22;
            case MVFST_27, MVFST_27_TOO -> Salts.DRAFT_23;
            case GOOGLE_T050 -> Salts.GOOGLE_T050;
            case GOOGLE_T051 -> Salts.GOOGLE_T051;
            default -> ofDraft(version ^ DRAFTS);
        };
    }

    private static byte[] ofDraft(int draft) {
        if (draft >= 33) {
            return Salts.VERSION_1;
        }
        if (draft >= 29) {
            return Salts.DRAFT_29;
        }
        return draft >= 23 ? Salts.DRAFT_23 : Salts.DRAFT_22;
    }

    private static boolean draft(int version) {
        int draft = version ^ DRAFTS;
        return draft >= FIRST_DRAFT && draft <= LAST_DRAFT;
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private static String letters(int version) {
        byte[] tag = {(byte) (version >> 24), (byte) (version >> 16), (byte) (version >> 8), (byte) version};
        return new String(tag, StandardCharsets.ISO_8859_1);
    }

    /** Made public so that anybody on the path can open Initials; section 5.2 of RFC 9001 and of its drafts. */
    private static final class Salts {

        static final byte[] VERSION_1 = hex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
        /** RFC 9369 section 3.3.1. */
        static final byte[] VERSION_2 = hex("0dede3def700a6db819381be6e269dcbf9bd2ed9");

        static final byte[] DRAFT_OF_VERSION_2 = hex("a707c203a59b47184a1d62ca570406ea7ae3e5d3");
        static final byte[] DRAFT_22 = hex("7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a");
        static final byte[] DRAFT_23 = hex("c3eef712c72ebb5a11a7d2432bb46365bef9f502");
        static final byte[] DRAFT_29 = hex("afbfec289993d24c9e9786f19c6111e04390a899");
        static final byte[] GOOGLE_T050 = hex("7ff579e5acd072915580304c43a2367c60488310");
        static final byte[] GOOGLE_T051 = hex("7a4edef4e7ccee5fa4506c19124fc8ccda6e033d");

        private static byte[] hex(String digits) {
            return HexFormat.of().parseHex(digits);
        }
    }

    private QuicVersions() {}
}
