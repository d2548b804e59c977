package io.postern.gateway.webhook;

import io.postern.gateway.quarantine.Quarantine;
import io.postern.gateway.quarantine.Scope;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** That somebody is contained, or is not any more. */
public final class QuarantineLetters {

    private final Function<String, Optional<String>> owner;
    private final Predicate<Scope> contained;
    private final UnaryOperator<Scope> called;

    /**
     * @param owner of an app, as policy has it
     * @param contained whether something of a scope is in quarantine
     * @param called what devices are called
     */
    public QuarantineLetters(
            Function<String, Optional<String>> owner, Predicate<Scope> contained, UnaryOperator<Scope> called) {
        this.called = called;
        this.owner = owner;
        this.contained = contained;
    }

    /** @param one that began or ended just now */
    public Letter of(Quarantine one) {
        Scope scope = called.apply(one.scope());
        boolean over = one.end().isPresent();
        Body body = Body.of(
                        over ? "quarantine.released" : "quarantine.created",
                        one.end().map(Quarantine.End::millis).orElse(one.sinceMillis()))
                .text("id", one.id())
                .text("scope", scope.kind().label())
                .text("device", scope.device())
                .text("profile", scope.profile().orElse(""))
                .text("app", scope.app().orElse(""))
                .text("owner", scope.app().flatMap(owner).orElse(""))
                .text("actor", one.actor())
                .text("reason", one.reason())
                .flag("automatic", one.automatic())
                .flag("sticky", one.sticky());
        if (!one.sticky()) {
            body.text("until", Instant.ofEpochMilli(one.untilMillis()).toString());
        }
        one.end()
                .ifPresent(end -> body.text("released_by", end.actor())
                        .text("release_reason", end.reason())
                        .flag("still_contained", contained.test(one.scope())));
        return body.letter(one.id() + (over ? ".released" : ".created"), scope.device());
    }
}
