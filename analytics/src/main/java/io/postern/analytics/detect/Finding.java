package io.postern.analytics.detect;

import io.postern.analytics.Evidence;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.Protocol;
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
 * @param mayBlock whether what it rests on is enough to end flows without asking anybody: rule 1 of the specification
 * @param spoken on which port of which protocol, for exceptions to ask
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
        long bytesOut,
        boolean mayBlock,
        Spoken spoken) {

    public Finding {
        evidence = List.copyOf(evidence);
        notVisible = List.copyOf(notVisible);
        if (!(score >= 0 && score <= 100)) {
            throw new IllegalArgumentException("score is " + score + ", must be 0 to 100");
        }
    }

    /** One of this analytic, app and destination; what is not said of it is nothing, and it is news. */
    public static Builder of(String analytic, AppKey key, String destination) {
        return new Builder(analytic, key, destination);
    }

    /** This one, but for what is said otherwise. */
    public Builder but() {
        return of(key);
    }

    /** The same of somebody else: for whoever calls them otherwise. */
    public Finding about(AppKey other) {
        return of(other).finding();
    }

    private Builder of(AppKey whom) {
        return new Builder(analytic, whom, destination)
                .uid(uid)
                .activity(activity)
                .score(score)
                .evidence(evidence)
                .notVisible(notVisible)
                .at(atMillis)
                .since(firstMillis)
                .seen(checkIns, bytesOut)
                .mayBlock(mayBlock)
                .spoken(spoken);
    }

    /** Says one thing after the other. */
    public static final class Builder {
        private final String analytic;
        private final AppKey key;
        private final String destination;
        private String uid = "";
        private Activity activity = Activity.CREATE;
        private double score;
        private List<Evidence> evidence = List.of();
        private List<String> notVisible = List.of();
        private long atMillis;
        private long firstMillis;
        private long checkIns;
        private long bytesOut;
        private boolean mayBlock;
        private Spoken spoken = Spoken.NOT_TOLD;

        private Builder(String analytic, AppKey key, String destination) {
            this.analytic = analytic;
            this.key = key;
            this.destination = destination;
        }

        public Builder uid(String now) {
            uid = now;
            return this;
        }

        public Builder activity(Activity now) {
            activity = now;
            return this;
        }

        public Builder score(double now) {
            score = now;
            return this;
        }

        public Builder evidence(List<Evidence> now) {
            evidence = now;
            return this;
        }

        public Builder notVisible(List<String> now) {
            notVisible = now;
            return this;
        }

        public Builder at(long millis) {
            atMillis = millis;
            return this;
        }

        public Builder since(long millis) {
            firstMillis = millis;
            return this;
        }

        public Builder seen(long nowCheckIns, long nowBytesOut) {
            checkIns = nowCheckIns;
            bytesOut = nowBytesOut;
            return this;
        }

        public Builder mayBlock(boolean now) {
            mayBlock = now;
            return this;
        }

        public Builder spoken(Spoken now) {
            spoken = now;
            return this;
        }

        public Finding finding() {
            return new Finding(
                    uid,
                    activity,
                    analytic,
                    key,
                    destination,
                    score,
                    evidence,
                    notVisible,
                    atMillis,
                    firstMillis,
                    checkIns,
                    bytesOut,
                    mayBlock,
                    spoken);
        }
    }

    /** @param port 0 if it is not told */
    public record Spoken(Protocol protocol, int port) {
        public static final Spoken NOT_TOLD = new Spoken(Protocol.UNKNOWN, 0);
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
