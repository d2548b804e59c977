package io.postern.gateway.demo;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** What time it is for the demo's devices and their gateway: it stands until it is told to go on, and never goes back. */
final class DeviceClock extends Clock {

    private volatile long millis;

    DeviceClock(long beginMillis) {
        millis = beginMillis;
    }

    /** For one thread. */
    void reach(long atMillis) {
        millis = Math.max(millis, atMillis);
    }

    @Override
    public long millis() {
        return millis;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("UTC only");
    }
}
