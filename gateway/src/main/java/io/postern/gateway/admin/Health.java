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
    private final List<Condition> notes = new CopyOnWriteArrayList<>();

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

    /** Something that whoever looks should know, and that keeps nobody away: {@code /readyz} tells it where it holds. */
    public Health note(String what, BooleanSupplier holds) {
        notes.add(new Condition(what, holds));
        return this;
    }

    /** What is to be known besides. */
    List<String> notes() {
        return notes.stream().filter(Condition::holds).map(Condition::otherwise).toList();
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
