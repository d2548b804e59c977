package io.postern.gateway.replay;

import java.util.concurrent.TimeUnit;

/** How long a flow may be silent until it is over. */
enum Life {
    TCP(TimeUnit.HOURS.toMicros(1)),

    /** RFC 4787 section 4.3. */
    UDP(TimeUnit.MINUTES.toMicros(5)),

    /** A connection that both ends have closed, or one has reset: what comes later is not of it. Linux waits as long. */
    ENDED(TimeUnit.MINUTES.toMicros(1));

    final long micros;

    Life(long micros) {
        this.micros = micros;
    }
}
