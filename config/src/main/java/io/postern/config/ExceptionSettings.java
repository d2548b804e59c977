package io.postern.config;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What becomes of a flow that the gateway cannot look into or judge as it should: one outcome for each condition.
 *
 * @param all in place of every row where it makes sense; absent: each row as it stands
 */
public record ExceptionSettings(Optional<Outcome> all, Map<Condition, Outcome> rows) {

    public ExceptionSettings {
        rows = Map.copyOf(rows);
    }

    /** What went wrong. */
    public enum Condition {
        /** Meant to be a known protocol and breaks a rule of it. */
        PARSE_ERROR,
        /** More than {@code sniff.max-bytes} or {@code sniff.max-hello-bytes} came before anybody was certain. */
        SNIFF_CAP,
        /** {@code sniff.memory} had no room for what it said first. */
        MEMORY_BUDGET,
        /** Detection of its device has no room to hear of it. */
        ANALYTICS_QUEUE,
        /** Detection of its device threw within the last minute, or its thread has ended. */
        ANALYTICS_CRASH,
        /** What the gateway keeps could not be written, and was not since. */
        STORE_DOWN,
        /** No resolver has said anything of its name. */
        DNS_DOWN,
        /** Sources are set up, and nothing is known of its device. */
        CONTEXT_MISSING,
        /** Nobody knows what it speaks. */
        UNKNOWN_PROTOCOL,
        /** It is encrypted, and neither end has named the server. */
        HIDDEN_NAME;

        private final String label = labelOf(this);

        /** As keys and metrics have it. */
        public String label() {
            return label;
        }
    }

    /** What is done then. */
    public enum Outcome {
        /** It goes on as policy says, though nobody has looked into it. */
        ALLOW_UNINSPECTED,
        /** It ends, and its client is told as of a rule that blocks. */
        REJECT,
        /** It ends without a word. */
        DROP,
        /** It ends, and its app is contained. */
        QUARANTINE;

        private final String label = labelOf(this);

        /** As settings and metrics have it. */
        public String label() {
            return label;
        }
    }

    private static String labelOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Why an outcome makes no sense for a condition; empty: it does. */
    public static Optional<String> nonsense(Condition condition, Outcome outcome) {
        return switch (outcome) {
            case REJECT, DROP -> Optional.empty();
            case ALLOW_UNINSPECTED ->
                condition == Condition.DNS_DOWN
                        ? Optional.of("a name without an answer has no address to let a flow go to")
                        : Optional.empty();
            case QUARANTINE ->
                switch (condition) {
                    case PARSE_ERROR, SNIFF_CAP, CONTEXT_MISSING, UNKNOWN_PROTOCOL, HIDDEN_NAME -> Optional.empty();
                    case MEMORY_BUDGET, ANALYTICS_QUEUE, ANALYTICS_CRASH, DNS_DOWN ->
                        Optional.of("it is the gateway's own trouble, and would contain whoever happens to come by");
                    case STORE_DOWN ->
                        Optional.of("it is the gateway's own trouble, and a quarantine could not be stored then");
                };
        };
    }

    /** What is done about a condition. */
    public Outcome of(Condition condition) {
        return all.filter(outcome -> nonsense(condition, outcome).isEmpty())
                .orElseGet(() -> Objects.requireNonNull(rows.get(condition)));
    }

    /** Every condition with what is done about it. */
    public Map<Condition, Outcome> table() {
        Map<Condition, Outcome> table = new EnumMap<>(Condition.class);
        for (Condition condition : Condition.values()) {
            table.put(condition, of(condition));
        }
        return table;
    }
}
