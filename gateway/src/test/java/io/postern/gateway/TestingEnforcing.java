package io.postern.gateway;

import io.postern.analytics.baseline.Baseline;
import java.util.OptionalDouble;

/** Where nobody has answered, seen or approved anything. */
final class TestingEnforcing implements Enforcement.Sources {

    static final TestingEnforcing NOTHING_KNOWN = new TestingEnforcing();

    private TestingEnforcing() {}

    @Override
    public Enforcement.Answers answers(String analytic) {
        return new Enforcement.Answers(0, 0);
    }

    @Override
    public OptionalDouble coverage(String analytic) {
        return OptionalDouble.empty();
    }

    @Override
    public Baseline baseline() {
        return Baseline.EMPTY;
    }
}
