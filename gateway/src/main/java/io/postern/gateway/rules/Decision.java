package io.postern.gateway.rules;

import io.postern.analytics.Verdict;
import io.postern.analytics.Verdict.Action;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A verdict and everything that spoke for or against it.
 *
 * @param matches in the order of their rank, weakest first
 */
public record Decision(Verdict verdict, List<Match> matches) {

    /** Nothing forbids it. */
    public static final Decision ALLOW = new Decision(new Verdict(Action.ALLOW, "default"), List.of());

    /** Nobody has been asked yet. */
    public static final Decision UNDECIDED = new Decision(new Verdict(Action.ALLOW, "undecided"), List.of());

    public Decision {
        matches = List.copyOf(matches);
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
        Action action = Action.ALLOW;
        String reason = "default";
        for (Match match : ranked) {
            if (match.counts()) {
                Action next = match.rank().apply(action, match.effective());
                if (next != action) {
                    action = next;
                    reason = match.rule();
                }
            }
        }
        return new Decision(new Verdict(action, reason), ranked);
    }

    /** The strictest of them, the first of equals, with what spoke for or against any of them. */
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
                        .toList());
    }

    public boolean ends() {
        return verdict.action().ends();
    }
}
