package io.postern.analytics.baseline;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What speaks against a destination of an app.
 *
 * @param name of the finding or rule, {@value #LONGEST} characters at most; empty for evidence that is neither's
 */
public record Cause(Kind kind, String name) {

    static final int LONGEST = 128;

    /** Evidence with a flow that no finding was made of. */
    public static final Cause EVIDENCE = new Cause(Kind.EVIDENCE, "");

    /** What it is. */
    public enum Kind {
        /** It holds for as long as the app goes there. */
        FINDING,
        /** A finding of which somebody answered that it was what it said; it holds like one, and no version excuses it. */
        CONFIRMED,
        /** A written rule that lets it pass and speaks against it. */
        RULE,
        EVIDENCE;

        private final String label = name().toLowerCase(Locale.ROOT);

        public String label() {
            return label;
        }

        static Optional<Kind> of(String label) {
            return Arrays.stream(values())
                    .filter(one -> one.label.equals(label))
                    .findFirst();
        }
    }

    public Cause {
        name = name.length() > LONGEST ? name.substring(0, LONGEST) : name;
    }

    public static Cause finding(String uid) {
        return new Cause(Kind.FINDING, uid);
    }

    public static Cause confirmed(String uid) {
        return new Cause(Kind.CONFIRMED, uid);
    }

    public static Cause rule(String name) {
        return new Cause(Kind.RULE, name);
    }

    /** {@code finding 018f2c…}. */
    @Override
    public String toString() {
        return name.isEmpty() ? kind.label : kind.label + " " + name;
    }
}
