package io.postern.gateway.rules;

import io.postern.analytics.Verdict;
import io.postern.analytics.Verdict.Action;
import io.postern.config.ExceptionSettings.Outcome;
import io.postern.config.policy.Policy.Effect;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A verdict and everything that spoke for or against it.
 *
 * @param matches in the order of their rank, weakest first
 * @param words for whoever asks why, where there is more to say than the verdict's reason
 * @param bytesPerSecond each way, of what is throttled: the least that a rule says which nothing has lifted
 * @param policy version of the one policy that was asked; empty where none was
 */
public record Decision(
        Verdict verdict, List<Match> matches, Optional<String> words, long bytesPerSecond, String policy) {

    /** Behind a quarantine's rule, of a datagram that asks for a name which stays reachable. */
    static final String RESOLVES = ", resolves";

    private static final long UNLIMITED = Long.MAX_VALUE;

    /** Nothing forbids it. */
    public static final Decision ALLOW = new Decision(new Verdict(Action.ALLOW, "default"), List.of());

    /** Nobody has been asked yet. */
    public static final Decision UNDECIDED = new Decision(new Verdict(Action.ALLOW, "undecided"), List.of());

    public Decision {
        matches = List.copyOf(matches);
    }

    /** Of a policy that is not said. */
    public Decision(Verdict verdict, List<Match> matches, Optional<String> words, long bytesPerSecond) {
        this(verdict, matches, words, bytesPerSecond, "");
    }

    /** Of no rule that throttles. */
    public Decision(Verdict verdict, List<Match> matches) {
        this(verdict, matches, Optional.empty(), Effect.BYTES_PER_SECOND);
    }

    /** A verdict that no written rule gave: the network's own protection, a missing tag, a lack of room. */
    public static Decision block(String reason) {
        return new Decision(new Verdict(Action.BLOCK, reason), List.of());
    }

    static Decision of(List<Match> matches) {
        if (matches.isEmpty()) {
            return ALLOW;
        }
        List<Match> ranked = new ArrayList<>(matches);
        ranked.sort(Comparator.comparing(Match::rank));
        return fold(ALLOW, ranked, ranked);
    }

    private static Decision fold(Decision before, List<Match> more, List<Match> all) {
        Verdict verdict = before.verdict;
        long rate = verdict.action() == Action.THROTTLE ? before.bytesPerSecond : UNLIMITED;
        for (Match match : more) {
            if (match.counts()) {
                Action next = match.rank().apply(verdict.action(), match.effective());
                if (match.rank().lifts()) {
                    rate = UNLIMITED;
                } else if (match.effective() == Action.THROTTLE) {
                    rate = Math.min(rate, match.bytesPerSecond());
                }
                if (next != verdict.action()) {
                    verdict = new Verdict(next, match.rule());
                }
            }
        }
        return new Decision(verdict, all, Optional.empty(), rate == UNLIMITED ? Effect.BYTES_PER_SECOND : rate);
    }

    /**
     * The same with what stands above it.
     *
     * @param above by rank, none weaker than what matched already
     */
    Decision under(List<Match> above) {
        return above.isEmpty()
                ? this
                : fold(
                        this,
                        above,
                        Stream.concat(matches.stream(), above.stream()).toList());
    }

    /** The same verdict, with something else that matched. */
    Decision noting(Match match) {
        return new Decision(
                verdict, Stream.concat(matches.stream(), Stream.of(match)).toList(), words, bytesPerSecond, policy);
    }

    /** Tells rows of the exceptions that hold and have not been told, and returns all that have been by now. */
    public Set<ExceptionTable.Row> newly(Set<ExceptionTable.Row> told, Consumer<ExceptionTable.Row> teller) {
        Set<ExceptionTable.Row> all = told;
        for (Match match : matches) {
            Optional<ExceptionTable.Row> row = ExceptionTable.row(match.rule());
            if (row.isPresent() && !all.contains(row.get())) {
                all = Stream.concat(all.stream(), row.stream()).collect(Collectors.toUnmodifiableSet());
                teller.accept(row.get());
            }
        }
        return all;
    }

    /**
     * What would end it or slow it down if it were enforced, by this judgement or by those before it, the newest word of each rule.
     * What something stronger lifts would not.
     *
     * @param before what {@code would} returned of the judgement before
     */
    public List<Match> would(List<Match> before) {
        if (matches.isEmpty()) {
            return before;
        }
        List<Match> now =
                matches.stream().filter(Match::wouldBlock).filter(this::stands).toList();
        return now.isEmpty()
                ? before
                : Stream.concat(
                                before.stream()
                                        .filter(old -> now.stream()
                                                .noneMatch(match -> match.rule().equals(old.rule()))),
                                now.stream())
                        .toList();
    }

    private boolean stands(Match match) {
        return matches.stream()
                .noneMatch(above ->
                        above.counts() && above.rank().lifts() && above.rank().compareTo(match.rank()) > 0);
    }

    /** Whether nothing may pass but the one question that was looked at. */
    public boolean onlyResolves() {
        return matches.stream()
                .anyMatch(match ->
                        match.rank() == Precedence.QUARANTINE && match.rule().endsWith(RESOLVES));
    }

    /** Whether it ends the flow without a word to its client. */
    public boolean silent() {
        return ends()
                && ExceptionTable.row(verdict.reason())
                        .filter(row -> row.outcome() == Outcome.DROP)
                        .isPresent();
    }

    /** The same, told like this to whoever asks why. */
    Decision saying(String what) {
        return new Decision(verdict, matches, Optional.of(what), bytesPerSecond, policy);
    }

    /** The same, by the policy of this version. */
    Decision by(String version) {
        return new Decision(verdict, matches, words, bytesPerSecond, version);
    }

    /** What a client that asks is told: the reason, and what more there is to say. */
    public String told() {
        return words.map(more -> verdict.reason() + "\n" + more).orElse(verdict.reason());
    }

    /** The stricter of both, this one of equals, with what spoke for or against either. */
    public Decision and(Decision other) {
        return strictest(List.of(this, other));
    }

    /** The strictest of them, the first of equals, at the lowest rate of those that throttle, with what spoke for or against any of them. */
    static Decision strictest(List<Decision> decisions) {
        Decision strictest = decisions.stream()
                .max(Comparator.comparing(decision -> decision.verdict().action()))
                .orElseThrow();
        return new Decision(
                strictest.verdict(),
                decisions.stream()
                        .flatMap(decision -> decision.matches().stream())
                        .distinct()
                        .sorted(Comparator.comparing(Match::rank))
                        .toList(),
                Optional.empty(),
                decisions.stream()
                        .filter(decision -> decision.verdict().action() == Action.THROTTLE)
                        .mapToLong(Decision::bytesPerSecond)
                        .min()
                        .orElse(Effect.BYTES_PER_SECOND));
    }

    /** Whether it ends the flow and contains whoever has it. */
    public boolean contains() {
        return verdict.action() == Action.QUARANTINE;
    }

    public boolean ends() {
        return verdict.action().ends();
    }
}
