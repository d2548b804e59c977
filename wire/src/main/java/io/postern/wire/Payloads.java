package io.postern.wire;

import java.nio.ByteBuffer;

/** Shown what the messages of one direction hold, as it comes: bodies of HTTP, and of WebSocket all but control frames. */
public interface Payloads {

    /** Nobody looks. */
    Payloads UNSEEN = new Payloads() {
        @Override
        public void begins(boolean compressed) {}

        @Override
        public boolean wants() {
            return false;
        }

        @Override
        public void some(ByteBuffer bytes, int from, int to, int key, long at) {}

        @Override
        public void ends() {}
    };

    /** A message begins; whether its head says that it is compressed. */
    void begins(boolean compressed);

    /** Whether it looks at more of this message: views of bytes need not be made for nobody. */
    default boolean wants() {
        return true;
    }

    /** The next bytes of it, not masked. */
    default void some(ByteBuffer bytes, int from, int to) {
        some(bytes, from, to, 0, 0);
    }

    /**
     * The next bytes of it.
     *
     * @param bytes between these positions; not to be kept, its position not to be moved
     * @param key with which a client of WebSocket has masked them, its first octet the highest; 0 where they are not
     * @param at how many bytes of their frame came before, RFC 6455 section 5.3
     */
    void some(ByteBuffer bytes, int from, int to, int key, long at);

    /** Its last byte was shown. */
    void ends();
}
