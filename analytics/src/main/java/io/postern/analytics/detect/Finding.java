package io.postern.analytics.detect;

import io.postern.analytics.Evidence;
import io.postern.analytics.flow.AppKey;
import java.util.List;

/**
 * What an analytic concludes about an app and a destination, with what speaks for and against it.
 *
 * @param uid the same over all its updates: the same conclusion twice is one finding
 * @param destination see {@link io.postern.analytics.flow.Destination#name}
 * @param score 0 to 100
 * @param notVisible names of facts that could not be seen
 * @param atMillis when it came to this, Unix time
 * @param firstMillis the first thing it rests on
 * @param checkIns connects and exchanges by then
 * @param bytesOut device to world by then
 */
public record Finding(
        String uid,
        Activity activity,
        String analytic,
        AppKey key,
        String destination,
        double score,
        List<Evidence> evidence,
        List<String> notVisible,
        long atMillis,
        long firstMillis,
        long checkIns,
        long bytesOut) {

    public Finding {
        evidence = List.copyOf(evidence);
        notVisible = List.copyOf(notVisible);
        if (!(score >= 0 && score <= 100)) {
            throw new IllegalArgumentException("score is " + score + ", must be 0 to 100");
        }
    }

    /** What happened to it; the numbers are OCSF's. */
    public enum Activity {
        CREATE,
        UPDATE,
        CLOSE
    }

    /** How serious a score is. */
    public enum Severity {
        LOW(0),
        MEDIUM(40),
        HIGH(70),
        CRITICAL(90);

        private final int from;

        Severity(int from) {
            this.from = from;
        }

        /** The score it begins with. */
        public int from() {
            return from;
        }

        public static Severity of(double score) {
            Severity found = LOW;
            for (Severity one : values()) {
                if (score >= one.from) {
                    found = one;
                }
            }
            return found;
        }
    }

    public Severity severity() {
        return Severity.of(score);
    }
}
