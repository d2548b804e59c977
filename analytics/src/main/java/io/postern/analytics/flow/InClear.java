package io.postern.analytics.flow;

/**
 * What can be seen of a flow without decrypting anything, beyond its hello and its first request.
 *
 * @param up of its messages, device to world, the one that looks most random; {@link Payload#NONE} where none was measured
 * @param down likewise, world to device
 */
public record InClear(Payload up, Payload down, Naming naming, Resolved resolved) {

    /** All of it is encrypted, or was not looked at. */
    public static final InClear NOTHING = new InClear(Payload.NONE, Payload.NONE, Naming.ONE);

    /** Of which nobody knows whether its address was ever told. */
    public InClear(Payload up, Payload down, Naming naming) {
        this(up, down, naming, Resolved.UNKNOWN);
    }

    /**
     * How random the beginning of a message in clear is; none of its bytes.
     *
     * @param compressed whether its head or its first bytes say that it is compressed, which looks as random as encrypted
     * @param bytes of the sample
     * @param bits by byte, 0 to 8, to the thousandth
     */
    public record Payload(boolean compressed, int bytes, double bits) {

        public static final Payload NONE = new Payload(false, 0, 0);

        public boolean measured() {
            return bytes > 0;
        }
    }

    /** Whether the name that a flow goes by led its device to the address, where it asked for an address. */
    public enum Resolved {
        /** It asked for a name, or nobody knows what its device was told. */
        UNKNOWN,
        /** The device asked the gateway for a name, that one where the flow names one, and was told the address. */
        HERE,
        /** The device is known to ask the gateway for what it goes to, and was not. */
        NEVER
    }

    /** Whether the names that a flow goes by are of one server: what was asked of the gateway, SNI, Host. */
    public enum Naming {
        /** There is one name, or none, or all are the same. */
        ONE,
        /** The server's certificate covers all of them. */
        COVERED,
        /** The certificate is not to be seen: TLS 1.3, QUIC, a session that was resumed. */
        UNSEEN,
        /** They are not of one server: the certificate does not cover all of them, or there is none in clear HTTP. */
        APART
    }
}
