package io.postern.tls.watch;

/**
 * Where a watch asks before it holds a peer's bytes. One budget may serve many watches; it is called by whatever thread
 * feeds them. Whatever was granted is given back, at the latest by {@code close()}.
 */
public interface Budget {

    /** For a caller who bounds the watches themselves. */
    Budget UNLIMITED = new Budget() {
        @Override
        public boolean take(int bytes) {
            return true;
        }

        @Override
        public void giveBack(int bytes) {}
    };

    /** Whether so many bytes more may be held; at most a few hundred KiB at once. */
    boolean take(int bytes);

    void giveBack(int bytes);
}
