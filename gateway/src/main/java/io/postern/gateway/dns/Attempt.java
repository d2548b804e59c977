package io.postern.gateway.dns;

/** One message on its way to one server; single-threaded on its loop. */
interface Attempt {

    /** Who is told what becomes of it, on the loop, and not before {@link #begin} has returned. */
    interface Told {
        /** What came back, without a length before it; may be more than one message by UDP. */
        void received(byte[] message);

        /** The server has hung up or would not answer this one, or there is no socket for it. */
        void failed();

        /** Nobody is there, whatever is asked. */
        void unreachable();
    }

    void begin();

    /** Why nobody waits any more. */
    enum End {
        /** What came was the answer. */
        ANSWERED,
        /** The time is over. */
        UNANSWERED,
        OTHERWISE
    }

    /** Nobody waits any more. */
    void end(End why);
}
