package io.postern.wire.tcp;

import java.nio.ByteBuffer;

/** Takes what one direction of a connection sent, in order. */
public interface TcpSink {

    /** The next bytes, between two absolute indices; good until this returns. */
    void bytes(ByteBuffer bytes, int from, int to);

    /** So many bytes were sent next, and the capture does not have them. */
    void gap(int count);

    /** A FIN: nothing follows. */
    void end();
}
