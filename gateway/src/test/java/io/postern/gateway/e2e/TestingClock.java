package io.postern.gateway.e2e;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Stands still until it is told to move on. */
public final class TestingClock extends Clock {

    private Instant now;

    public TestingClock(Instant begin) {
        now = begin;
    }

    public synchronized void pass(Duration some) {
        now = now.plus(some);
    }

    @Override
    public synchronized Instant instant() {
        return now;
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
