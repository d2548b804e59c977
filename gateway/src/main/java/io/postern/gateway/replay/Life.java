package io.postern.gateway.replay;

import java.util.concurrent.TimeUnit;

/** How long a flow may be silent until it is over. */
enum Life {
    TCP(0, TimeUnit.HOURS.toMicros(1)),

    /** RFC 4787 section 4.3. */
    UDP(1, TimeUnit.MINUTES.toMicros(5)),

    /** A connection that both ends have closed, or one has reset: what comes later is not of it. Linux waits as long. */
    ENDED(2, TimeUnit.MINUTES.toMicros(1));

    /** Among the lists of the table. */
    final int place;

    final long micros;

    Life(int place, long micros) {
        this.place = place;
        this.micros = micros;
    }
}
