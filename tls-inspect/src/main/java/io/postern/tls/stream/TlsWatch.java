package io.postern.tls.stream;

import io.postern.tls.hello.TlsSettings;
import io.postern.tls.watch.Budget;
import io.postern.tls.watch.HandshakeListener;
import io.postern.tls.watch.Side;
import java.nio.ByteBuffer;

/**
 * Follows the TLS of one stream, both directions, from its first byte or from the middle: fed with the bytes in order,
 * cut anyhow, tells its listener what there is to know and then wants no more. Holds a message only until it is whole
 * (asking the budget), otherwise a few dozen bytes; reads no clock; not thread-safe.
 *
 * <pre>
 * UNDECIDED → CERTAIN   a ClientHello, an SSLv2-style one, a ServerHello; or, from the middle, records in a row
 *           → NOT_THIS  certain too
 * </pre>
 */
public final class TlsWatch {

    /** Where in the stream the first bytes fed are from. */
    public enum Start {
        /** TLS begins with them. */
        BEGINNING,
        /** Earlier bytes may have been missed, in either direction: records are looked for at each cut. */
        MIDDLE
    }

    public enum Standing {
        UNDECIDED,
        CERTAIN,
        NOT_THIS
    }

    public TlsWatch(TlsSettings settings, Budget budget, HandshakeListener listener, Start start) {}

    /** The next bytes of this side; moves neither position nor limit and keeps no reference. */
    public void feed(Side by, ByteBuffer bytes) {}

    /** This side's stream lost bytes here that will never come: what was half read is dropped. */
    public void gap(Side by) {}

    public Standing standing() {
        return Standing.UNDECIDED;
    }

    /** Whether feeding this side can still tell anything. */
    public boolean wants(Side by) {
        return by == Side.CLIENT;
    }

    /** Bytes charged to the budget now. */
    public int held() {
        return 0;
    }

    /** Gives back what is held; the watch wants nothing more. May be called again. */
    public void close() {}
}
