package io.postern.gateway.rules;

import io.postern.analytics.Verdict;
import io.postern.analytics.Verdict.Action;
import io.postern.config.policy.Policy.Mode;
import io.postern.gateway.rules.Contained.Containment;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The ranks above written policy: quarantine, what is never broken, and the kill switch.
 *
 * @param allowed what quarantine leaves alone; policy still judges it
 * @param neverBreak what nothing below the kill switch ends
 * @param resolvers DNS servers that whoever is contained may ask for names on the lists
 * @param killed whether enforcement is switched off
 */
public record Overrules(
        Contained contained,
        Reach allowed,
        Reach neverBreak,
        Predicate<InetAddress> resolvers,
        BooleanSupplier killed) {

    /** Nobody is contained, nothing is spared. */
    public static final Overrules NONE = new Overrules(Contained.NOBODY, Reach.NONE, Reach.NONE, () -> false);

    private static final String NEVER_BREAK = "never-break";
    private static final String KILL_SWITCH = "kill-switch";

    /** Where no DNS server is known. */
    public Overrules(Contained contained, Reach allowed, Reach neverBreak, BooleanSupplier killed) {
        this(contained, allowed, neverBreak, server -> false, killed);
    }

    /** Whether it is a quarantine that says so, and no rule. */
    public static boolean isQuarantine(Verdict verdict) {
        return verdict.reason().startsWith(Containment.PREFIX);
    }

    /** The same as if enforcement were not switched off. */
    Overrules enforcing() {
        return new Overrules(contained, allowed, neverBreak, resolvers, () -> false);
    }

    /** Where nobody is contained, and enforcement is not switched off. */
    public static Overrules sparing(Reach neverBreak) {
        return new Overrules(Contained.NOBODY, Reach.NONE, neverBreak, () -> false);
    }

    /** What becomes of what policy says. */
    public Decision after(Decision policy, Question question, Instant now) {
        return after(policy, question, now, Reach::covers);
    }

    /** The same of a name that is asked for: what is spared of its ports spares it. */
    Decision afterName(Decision policy, Question question, Instant now) {
        return after(policy, question, now, Reach::mayCover);
    }

    private Decision after(Decision policy, Question question, Instant now, BiPredicate<Reach, Question> covers) {
        Optional<Containment> containment =
                question.tag().attributed() ? contained.of(question.tag(), now) : Optional.empty();
        boolean hampers = policy.verdict().action().compareTo(Action.ALERT) > 0;
        if (containment.isEmpty() && !hampers) {
            boolean spared = !policy.would(List.of()).isEmpty() && covers.test(neverBreak, question);
            return spared ? policy.noting(enforced(NEVER_BREAK, Precedence.NEVER_BREAK, Action.ALLOW)) : policy;
        }
        List<Match> above = new ArrayList<>(3);
        containment.ifPresent(by -> above.add(contains(by, question, covers.test(allowed, question))));
        if (covers.test(neverBreak, question)) {
            above.add(enforced(NEVER_BREAK, Precedence.NEVER_BREAK, Action.ALLOW));
        }
        if (killed.getAsBoolean()) {
            above.add(enforced(KILL_SWITCH, Precedence.KILL_SWITCH, Action.ALERT));
        }
        Decision decision = policy.under(above);
        return containment.isPresent() && decision.ends()
                ? decision.saying(containment.get().words())
                : decision;
    }

    private Match contains(Containment by, Question question, boolean spared) {
        if (question.asking().filter(this::mayAsk).isPresent()) {
            return enforced(by.rule() + Decision.RESOLVES, Precedence.QUARANTINE, Action.ALLOW);
        }
        return spared
                ? enforced(by.rule() + ", allowed", Precedence.QUARANTINE, Action.ALLOW)
                : enforced(by.rule(), Precedence.QUARANTINE, Action.QUARANTINE);
    }

    /** Names on the lists are resolved, by the device itself too; what else it asks is not known to be one of them. */
    private boolean mayAsk(Question.Asking asking) {
        return resolvers.test(asking.server())
                && (asking.name().isEmpty()
                        || allowed.names(asking.name().get())
                        || neverBreak.names(asking.name().get()));
    }

    private static Match enforced(String rule, Precedence rank, Action action) {
        return new Match(rule, rank, action, Mode.ENFORCE);
    }
}
