package io.postern.analytics.attack;

import io.postern.analytics.Evidence;
import io.postern.analytics.attack.Sentences.Sentence;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/** What evidence says in {@link Sentences}, with its numbers in units of people, and what would rightly silence it. */
public final class Words {

    private static final String[] SIZES = {"bytes", "kB", "MB", "GB", "TB"};

    private Words() {}

    /** What a number counts. */
    enum Unit {
        /** There is nothing to count. */
        PLAIN,
        COUNT,
        /** A logarithm of odds, to base e. */
        CHANCE,
        SHARE,
        TIMES,
        BYTES,
        BYTES_A_SECOND,
        /** Seconds. */
        PERIOD
    }

    /** What would rightly silence a finding that rests on it. */
    public enum Remedy {
        NONE,
        /** To approve it in the app's baseline. */
        APPROVE,
        /** To write it into the app's role. */
        ROLE,
        /** To have the app approved and managed. */
        INVENTORY,
        /** An exception, with an owner and an end. */
        EXCEPTION
    }

    /** Every feature that there is a sentence for. */
    public static Set<String> features() {
        return Sentences.features();
    }

    /** Every name of what may not be visible that there are words for. */
    public static Set<String> unseen() {
        return Sentences.unseen();
    }

    /** What it says; its name and number where nobody has found words for it. */
    public static String of(Evidence evidence) {
        return Sentences.of(evidence.feature())
                .map(sentence -> sentence.text()
                        .replace("{value}", number(evidence.value(), sentence.unit()))
                        .replace("{threshold}", number(evidence.threshold(), sentence.unit())))
                .orElseGet(() -> evidence.feature() + " is " + plain(evidence.value()) + ", counts from "
                        + plain(evidence.threshold()) + " on.");
    }

    /** What could not be seen. */
    public static String ofUnseen(String what) {
        return Sentences.ofUnseen(what);
    }

    public static Remedy remedy(Evidence evidence) {
        return Sentences.of(evidence.feature()).map(Sentence::remedy).orElse(Remedy.NONE);
    }

    /** Whether nothing harmless shows it: a violation of what is written or approved, or what an agent told. */
    public static boolean hard(Evidence evidence) {
        return evidence.supports()
                && (evidence.family() == Evidence.Family.TELEMETRY
                        || Sentences.of(evidence.feature())
                                .filter(Sentence::hard)
                                .isPresent());
    }

    private static String number(double value, Unit unit) {
        return switch (unit) {
            case PLAIN, COUNT -> plain(value);
            case CHANCE -> "1 in " + rounded(Math.exp(Math.min(value, 30)));
            case SHARE -> Math.round(100 * value) + " %";
            case TIMES -> plain(value) + " times";
            case BYTES -> bytes(value);
            case BYTES_A_SECOND -> bytes(value) + " a second";
            case PERIOD -> period(Math.round(value));
        };
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.1f", value);
    }

    /** Two digits: more would be a precision that chance has not. */
    private static String rounded(double value) {
        double digit = Math.pow(10, Math.max(0, Math.floor(Math.log10(value)) - 1));
        return String.format(Locale.ROOT, "%,d", Math.round(Math.round(value / digit) * digit));
    }

    /** Powers of a thousand, {@code 12.5 kB}. */
    public static String bytes(double count) {
        double value = count;
        int unit = 0;
        while (value >= 1000 && unit < SIZES.length - 1) {
            value /= 1000;
            unit++;
        }
        return unit == 0 ? Math.round(count) + " bytes" : String.format(Locale.ROOT, "%.1f %s", value, SIZES[unit]);
    }

    /** {@code 15 min}, {@code 2 h 30 min}, {@code 40 s}. */
    static String period(long seconds) {
        Duration period = Duration.ofSeconds(seconds);
        StringBuilder text = new StringBuilder();
        append(text, period.toDays(), "d");
        append(text, period.toHoursPart(), "h");
        append(text, period.toMinutesPart(), "min");
        append(text, period.toSecondsPart(), "s");
        return text.length() == 0 ? "0 s" : text.toString();
    }

    private static void append(StringBuilder text, long count, String unit) {
        if (count > 0) {
            text.append(text.length() == 0 ? "" : " ").append(count).append(' ').append(unit);
        }
    }
}
