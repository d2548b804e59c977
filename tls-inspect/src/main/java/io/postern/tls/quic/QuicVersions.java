package io.postern.tls.quic;

/** The versions of QUIC that are told apart. */
public final class QuicVersions {

    public static final int VERSION_1 = 1;
    public static final int VERSION_2 = 0x6b3343cf;
    public static final int DRAFT_29 = 0xff00001d;

    /** {@code 1}, {@code 2}, {@code draft-29}, {@code Q046}; hexadecimal for one without a name. */
    public static String name(int version) {
        return Integer.toHexString(version);
    }

    private QuicVersions() {}
}
