package io.postern.gateway.admin;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/**
 * What must hold for the gateway to be alive, and to be ready for traffic. Every condition has a name that says what
 * is wrong when it does not hold, for an operator to read; nothing a peer sent belongs into it. Any thread may call.
 */
public final class Health {
    private final List<Condition> alive = new CopyOnWriteArrayList<>();
    private final List<Condition> ready = new CopyOnWriteArrayList<>();

    private record Condition(String otherwise, BooleanSupplier test) {
        /** A condition that fails to answer does not hold. */
        boolean holds() {
            try {
                return test.getAsBoolean();
            } catch (RuntimeException e) {
                return false;
            }
        }
    }

    /** A gateway for which this does not hold must be restarted: {@code /livez} fails. */
    public Health alive(String otherwise, BooleanSupplier holds) {
        alive.add(new Condition(otherwise, holds));
        return this;
    }

    /** A gateway for which this does not hold must not be sent traffic: {@code /readyz} fails. */
    public Health ready(String otherwise, BooleanSupplier holds) {
        ready.add(new Condition(otherwise, holds));
        return this;
    }

    /** Why it is not alive; empty when it is. */
    List<String> deadly() {
        return failing(alive);
    }

    /** Why it is not ready; empty when it is. What is not alive is not ready either. */
    List<String> unready() {
        List<String> reasons = failing(alive);
        return reasons.isEmpty() ? failing(ready) : reasons;
    }

    private static List<String> failing(List<Condition> conditions) {
        return conditions.stream()
                .filter(condition -> !condition.holds())
                .map(Condition::otherwise)
                .toList();
    }
}
