package io.postern.gateway.sniff;

import io.netty.buffer.ByteBuf;

/**
 * Goes on watching a flow that is relayed, and tells it what it learns. Is shown bytes before they are passed on, so
 * that a flow which may not be any more is cut before them; holds none back and moves no reader index.
 */
public interface Tap {

    /** For all that is known already. */
    Tap NONE = new Tap() {
        @Override
        public void fromClient(ByteBuf bytes) {}

        @Override
        public void fromServer(ByteBuf bytes) {}

        @Override
        public void close() {}
    };

    void fromClient(ByteBuf bytes);

    void fromServer(ByteBuf bytes);

    /** Gives back what it keeps; it looks at nothing from here on. May be called twice. */
    void close();
}
