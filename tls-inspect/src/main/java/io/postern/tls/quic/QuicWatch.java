package io.postern.tls.quic;

import io.postern.tls.watch.Budget;
import io.postern.tls.watch.Side;
import java.nio.ByteBuffer;

/**
 * Follows the QUIC handshake of one session: opens the Initials of both sides, puts their CRYPTO frames in order and
 * tells its listener the hellos. Coalesced packets, Retry, version negotiation and 0-RTT are read past or followed.
 * Holds what is incomplete (asking the budget) and about 300 bytes of keys; not thread-safe.
 */
public final class QuicWatch {

    public QuicWatch(QuicSettings settings, Budget budget, InitialCipher cipher, QuicListener listener) {}

    /** One datagram of this side; moves neither position nor limit and keeps no reference. */
    public void feed(Side by, ByteBuffer datagram) {}

    /** Whether any datagram so far was QUIC, see {@link QuicListener#recognised}. */
    public boolean recognised() {
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
