package io.postern.tls.dtls;

import io.postern.tls.hello.TlsSettings;
import io.postern.tls.watch.Budget;
import io.postern.tls.watch.HandshakeListener;
import io.postern.tls.watch.Side;
import java.nio.ByteBuffer;

/**
 * Follows the DTLS handshake of one session (1.0, 1.2, 1.3): ClientHello, HelloVerifyRequest, ServerHello and, up to
 * 1.2, the server's certificate, from fragments in any order over any number of records and datagrams. Holds what is
 * incomplete (asking the budget), otherwise a few dozen bytes; not thread-safe.
 */
public final class DtlsWatch {

    public DtlsWatch(TlsSettings settings, Budget budget, HandshakeListener listener) {}

    /**
     * One datagram of this side; moves neither position nor limit and keeps no reference.
     *
     * @return whether it consists of DTLS records as far as anybody can see: the rule for recognising a session by one
     *     datagram, also from the middle of it
     */
    public boolean feed(Side by, ByteBuffer datagram) {
        return false;
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
