package io.postern.gateway.flows;

/** What goes on learning what it speaks: a living flow, or one of a capture. */
public interface Learner {

    /** What is known of it by now. */
    Recognised recognised();

    /** More is known of it than before; it may not outlive this call. */
    void learnt(Recognised more);

    /** Has this done soon where it is learnt; any thread may ask. */
    void later(Runnable what);
}
