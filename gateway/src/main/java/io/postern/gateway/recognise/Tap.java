package io.postern.gateway.recognise;

import io.postern.tls.watch.Side;
import java.nio.ByteBuffer;

/**
 * Goes on watching a flow that is relayed, and tells it what it learns. Is shown bytes before they are passed on, so
 * that a flow which may not be any more is cut before them; holds none back.
 */
public interface Tap {

    /** For all that is known already. */
    Tap NONE = new Tap() {
        @Override
        public void fromClient(ByteBuffer bytes) {}

        @Override
        public void fromServer(ByteBuffer bytes) {}

        @Override
        public boolean over() {
            return true;
        }

        @Override
        public void close() {}
    };

    /** @param bytes a view made for this call: its position may be moved, its bytes may not be kept */
    void fromClient(ByteBuffer bytes);

    /** @param bytes a view as for the client's */
    void fromServer(ByteBuffer bytes);

    /** So many bytes of this side are not to be had: a capture lost them. */
    default void missed(Side by, int bytes) {
        close();
    }

    /** Whether it looks at nothing any more: it need not be shown more. */
    boolean over();

    /** Gives back what it keeps; it looks at nothing from here on. May be called twice. */
    void close();
}
