package io.postern.gateway.dns;

/** One message on its way to one server; single-threaded on its loop. */
interface Attempt {

    /** Who is told what becomes of it, on the loop, and not before {@link #begin} has returned. */
    interface Told {
        /** What came back, without a length before it; may be more than one message by UDP. */
        void received(byte[] message);

        /** The server could not be reached, or has hung up. */
        void failed();
    }

    void begin();

    /**
     * Nobody waits any more.
     *
     * @param unanswered because the time is over
     */
    void end(boolean unanswered);
}
