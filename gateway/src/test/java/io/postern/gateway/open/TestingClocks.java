package io.postern.gateway.open;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.BooleanSupplier;

/** Judging asks for the time, so a clock that throws is a fault in the middle of it. */
public final class TestingClocks {

    private TestingClocks() {}

    public static Clock broken(BooleanSupplier now) {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException("nobody does");
            }

            @Override
            public Instant instant() {
                if (now.getAsBoolean()) {
                    throw new IllegalStateException("planted");
                }
                return Instant.EPOCH;
            }
        };
    }
}
