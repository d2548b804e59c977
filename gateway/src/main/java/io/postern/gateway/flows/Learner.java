package io.postern.gateway.flows;

import io.postern.dns.message.DnsFacts;

/** What goes on learning what it speaks: a living flow, or one of a capture. */
public interface Learner {

    /** What is known of it by now. */
    Recognised recognised();

    /** More is known of it than before; it may not outlive this call. */
    void learnt(Recognised more);

    /**
     * A message of DNS came, of a flow that speaks it as it is; the first question is in what it is known by.
     *
     * @param bytes of the message
     */
    default void said(DnsFacts message, int bytes) {}

    /** Has this done soon where it is learnt; any thread may ask. */
    void later(Runnable what);
}
