package io.postern.wire.tcp;

/** What all streams together may hold out of order. */
public interface TcpBudget {

    /**
     * Asks for room.
     *
     * @return whether there is; if not, the stream gives up a gap instead
     */
    boolean take(int bytes);

    /** Room taken before is free again. */
    void giveBack(int bytes);
}
