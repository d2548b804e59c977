package io.postern.gateway.rules;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.config.ExceptionSettings;
import io.postern.config.ExceptionSettings.Condition;
import io.postern.config.ExceptionSettings.Outcome;
import io.postern.config.policy.Policy.Mode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of flows that could not be looked into or judged as they should: one row for each condition, by the settings. A row
 * weighs as a written rule that is enforced, so whatever stands above those stands above it.
 */
public final class ExceptionTable {

    /** Where every flow goes on as policy says, and nothing is noted. */
    public static final ExceptionTable NONE = new ExceptionTable(Map.of(), Troubles.NONE);

    /** No rule of a policy has a colon in its name. */
    private static final String PREFIX = "exception:";

    private static final Set<Basis> NOBODY_KNOWS = EnumSet.of(Basis.NO_MATCH, Basis.SERVER_FIRST, Basis.TIMEOUT);
    private static final Set<Protocol> ENCRYPTED = EnumSet.of(Protocol.TLS, Protocol.QUIC, Protocol.DTLS);
    private static final List<Condition> OWN = List.of(
            Condition.ANALYTICS_QUEUE, Condition.ANALYTICS_CRASH, Condition.STORE_DOWN, Condition.CONTEXT_MISSING);

    /** A row that holds for a flow. */
    public record Row(Condition condition, Outcome outcome) {

        /** As records have it. */
        public String rule() {
            return PREFIX + condition.label() + ":" + outcome.label();
        }

        private Match match() {
            Action action =
                    switch (outcome) {
                        case ALLOW_UNINSPECTED -> Action.ALLOW;
                        case REJECT, DROP -> Action.BLOCK;
                        case QUARANTINE -> Action.QUARANTINE;
                    };
            return new Match(rule(), Precedence.DENY, action, Mode.ENFORCE);
        }
    }

    private static final Map<String, Row> BY_RULE = byRule();

    private final Map<Condition, Row> rows = new EnumMap<>(Condition.class);
    private final Map<Condition, Match> matches = new EnumMap<>(Condition.class);
    private final Troubles troubles;

    private ExceptionTable(Map<Condition, Outcome> table, Troubles troubles) {
        this.troubles = troubles;
        table.forEach((condition, outcome) -> {
            Row row = new Row(condition, outcome);
            rows.put(condition, row);
            matches.put(condition, row.match());
        });
    }

    public static ExceptionTable of(ExceptionSettings settings, Troubles troubles) {
        return new ExceptionTable(settings.table(), troubles);
    }

    private static Map<String, Row> byRule() {
        Map<String, Row> all = new HashMap<>();
        for (Condition condition : Condition.values()) {
            for (Outcome outcome : Outcome.values()) {
                Row row = new Row(condition, outcome);
                all.put(row.rule(), row);
            }
        }
        return Map.copyOf(all);
    }

    /** The row that a rule's name stands for; empty for any other rule. */
    public static Optional<Row> row(String rule) {
        return rule.startsWith(PREFIX) ? Optional.ofNullable(BY_RULE.get(rule)) : Optional.empty();
    }

    /** What the rows that hold make of what policy says. */
    Decision after(Decision policy, Question question) {
        if (rows.isEmpty()) {
            return policy;
        }
        List<Match> held = new ArrayList<>(2);
        question.protocol().ifPresent(protocol -> shown(question, protocol, held));
        for (Condition condition : OWN) {
            if (troubles.hold(condition, question.tag())) {
                held.add(match(condition));
            }
        }
        return policy.under(held);
    }

    /** Conditions that the flow itself shows. */
    private void shown(Question question, Protocol protocol, List<Match> held) {
        if (question.basis() == Basis.MALFORMED) {
            held.add(match(Condition.PARSE_ERROR));
        } else if (question.basis() == Basis.LIMIT) {
            held.add(match(question.crowded() ? Condition.MEMORY_BUDGET : Condition.SNIFF_CAP));
        } else if (protocol == Protocol.UNKNOWN && NOBODY_KNOWS.contains(question.basis())) {
            held.add(match(Condition.UNKNOWN_PROTOCOL));
        }
        if (ENCRYPTED.contains(protocol)
                && question.verifiedName().isEmpty()
                && question.claimedName().isEmpty()) {
            held.add(match(Condition.HIDDEN_NAME));
        }
    }

    private Match match(Condition condition) {
        return Objects.requireNonNull(matches.get(condition));
    }

    /**
     * What becomes of a flow whose name has no answer. It ends in any case; rejected it has failed, as it would without a table,
     * and no rule has blocked it.
     */
    Decision unanswered(Decision before) {
        Row row = rows.get(Condition.DNS_DOWN);
        if (row == null) {
            return before;
        }
        Match match = match(Condition.DNS_DOWN);
        return row.outcome() == Outcome.DROP ? before.under(List.of(match)) : before.noting(match);
    }
}
