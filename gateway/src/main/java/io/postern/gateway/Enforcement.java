package io.postern.gateway;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.baseline.Baseline;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.Technique;
import io.postern.config.AnalyticsSettings;
import io.postern.config.AnalyticsSettings.Enforcing;
import io.postern.config.policy.Policy.Mode;
import io.postern.gateway.coverage.Coverage;
import io.postern.gateway.rules.Match;
import io.postern.gateway.rules.Precedence;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * May findings of an analytic in {@code enforce} act? They may while its answers stay within the budget of false positives,
 * it could see enough of the last day's flows, and the app has an approved baseline; an override in the settings takes the
 * place of the last two. Any thread may ask; {@link #refresh} looks again.
 */
final class Enforcement {

    private static final Logger LOG = LoggerFactory.getLogger(Enforcement.class);

    private static final String INSTEAD = "alerts instead of what it would do ";

    /** Why a finding that is enough to act on only alerts. */
    enum Lack {
        /** Analysts have found too many of the analytic's findings wrong. */
        BUDGET("false-positive budget exceeded"),
        /** The analytic could see too little of the last day's flows. */
        COVERAGE("coverage too low"),
        /** Nobody has approved anything of the app. */
        BASELINE("no approved baseline"),
        /** The flow's device has not proved who it is. */
        ASSURANCE("device not proved");

        private final String text;

        Lack(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How an analytic was wrong so far.
     *
     * @param answered findings
     */
    record Answers(double falsePositives, int answered) {}

    /** What is looked up each time. */
    interface Sources {
        Answers answers(String analytic);

        /** Share of the last day's flows of which it could see something; empty where there were too few to say. */
        OptionalDouble coverage(String analytic);

        Baseline baseline();
    }

    /**
     * What was found of an analytic that is to enforce.
     *
     * @param lack that holds for all of its findings
     * @param figures of that
     * @param waived whether neither coverage nor baselines are asked
     * @param covered whether coverage is known
     */
    private record Seen(Optional<Lack> lack, String figures, boolean waived, boolean covered) {
        static final Seen NOTHING = new Seen(Optional.empty(), "", false, false);
    }

    private final AnalyticsSettings settings;
    private final Predicate<String> waived;
    private final BooleanSupplier killed;
    private volatile Map<String, Seen> seen = Map.of();
    private volatile Supplier<Baseline> baseline = () -> Baseline.EMPTY;

    /**
     * @param waived whether findings of an analytic may act without baseline and coverage
     * @param killed whether enforcement is switched off
     */
    Enforcement(AnalyticsSettings settings, Predicate<String> waived, BooleanSupplier killed) {
        this.killed = killed;
        this.settings = settings;
        this.waived = waived;
    }

    /** Whether enforcement is switched off. */
    boolean killed() {
        return killed.getAsBoolean();
    }

    /** Looks again at all but baselines, which are asked each time. Not for an event loop, nor for two threads. */
    void refresh(Sources sources) {
        baseline = sources::baseline;
        Map<String, Seen> next = new TreeMap<>();
        for (Technique technique : Technique.values()) {
            String analytic = technique.name();
            if (settings.mode(analytic) == Mode.ENFORCE) {
                next.put(analytic, seen(analytic, sources.answers(analytic), sources.coverage(analytic)));
            }
        }
        next.forEach((analytic, now) -> tell(analytic, seen.getOrDefault(analytic, Seen.NOTHING), now));
        seen = Map.copyOf(next);
    }

    /**
     * Share of the false positives that an analytic may have that it has had: beyond 1 its findings only alert, in whatever
     * mode it is. 0 while there are too few answers to say.
     */
    double spent(Answers answers) {
        if (answers.answered() < settings.falsePositives().answers() || answers.falsePositives() == 0) {
            return 0;
        }
        return answers.falsePositives() / settings.falsePositives().share();
    }

    private Seen seen(String analytic, Answers answers, OptionalDouble coverage) {
        boolean spared = waived.test(analytic);
        boolean covered = coverage.isPresent();
        double may = settings.falsePositives().share();
        double must = enforcing(analytic).coverage();
        if (spent(answers) > 1) {
            String figures = percent(answers.falsePositives()) + " of " + answers.answered() + " answers, "
                    + percent(may) + " may be";
            return new Seen(Optional.of(Lack.BUDGET), figures, spared, covered);
        }
        if (!spared && covered && coverage.getAsDouble() < must) {
            String figures = percent(coverage.getAsDouble()) + " of the last day's flows, must be " + percent(must);
            return new Seen(Optional.of(Lack.COVERAGE), figures, false, true);
        }
        return new Seen(Optional.empty(), "", spared, covered);
    }

    private static void tell(String analytic, Seen before, Seen now) {
        if (now.lack.equals(before.lack)) {
            return;
        }
        now.lack.ifPresentOrElse(
                lack -> LOG.warn(
                        "findings only alert analytic={} because=\"{}: {}\"", analytic, lack.text, now.figures),
                () -> LOG.info("findings act again analytic={}", analytic));
    }

    private static String percent(double share) {
        return Math.round(share * 100) + " %";
    }

    /** Of one of the five. */
    private Enforcing enforcing(String analytic) {
        Enforcing how = settings.enforcing().get(analytic);
        if (how == null) {
            throw new IllegalStateException("nothing is set of " + analytic);
        }
        return how;
    }

    /** Whether any analytic may act at all. */
    boolean any() {
        return settings.modes().containsValue(Mode.ENFORCE);
    }

    /**
     * What keeps a finding that is enough to act on from acting.
     *
     * @param acted whether it has acted before, which stands for a coverage that is not known yet after a start
     */
    Optional<Lack> lack(String analytic, String app, boolean acted) {
        Seen now = seen.getOrDefault(analytic, Seen.NOTHING);
        if (now.lack.isPresent() || now.waived) {
            return now.lack;
        }
        if (!acted && !now.covered) {
            return Optional.of(Lack.COVERAGE);
        }
        return baseline.get().app(app).approved() ? Optional.empty() : Optional.of(Lack.BASELINE);
    }

    /** What the finding says of its flows; empty if nothing. */
    Optional<Match> match(Finding finding, boolean acted) {
        String analytic = finding.analytic();
        Mode mode = settings.mode(analytic);
        if (!finding.mayBlock() || mode == Mode.OFF || !settings.enforcing().containsKey(analytic)) {
            return Optional.empty();
        }
        Enforcing how = enforcing(analytic);
        Match match = new Match(analytic, "", Precedence.ANALYTIC, how.action(), mode, how.bytesPerSecond());
        return Optional.of(
                mode == Mode.ENFORCE
                        ? lack(analytic, finding.key().app(), acted)
                                .map(lack -> match.alerting(lack.text))
                                .orElse(match)
                        : match);
    }

    /** What is done about a finding now. */
    Action action(Finding finding, boolean acted) {
        Action said = settings.mode(finding.analytic()) == Mode.SHADOW ? Action.ALLOW : Action.ALERT;
        return killed.getAsBoolean()
                ? said
                : match(finding, acted)
                        .map(match -> said.stricter(match.effective()))
                        .orElse(said);
    }

    /** Analytics whose findings only alert though they are to enforce, with why. */
    Map<String, String> demoted() {
        Map<String, String> all = new TreeMap<>();
        seen.forEach((analytic, now) -> now.lack.ifPresent(lack -> all.put(analytic, lack.text + ", " + now.figures)));
        return all;
    }

    /** In words: what becomes of the flows that a finding is about now, and why not more. */
    String words(Finding finding, boolean acted) {
        Mode mode = settings.mode(finding.analytic());
        Optional<Match> match = match(finding, acted);
        if (match.isEmpty()) {
            return "alerts: what speaks for it is not enough to act without asking anybody";
        }
        String does = match.get().wanted() == Action.BLOCK ? "ends its flows" : "slows its flows down";
        if (mode != Mode.ENFORCE) {
            return (mode == Mode.SHADOW ? "only watches" : "alerts") + ": in enforce it " + does;
        }
        String figures = seen.getOrDefault(finding.analytic(), Seen.NOTHING).figures;
        return lack(finding.analytic(), finding.key().app(), acted)
                .map(lack -> INSTEAD + "(" + does + "): " + lack.text + (figures.isEmpty() ? "" : ", " + figures))
                .orElseGet(() -> killed.getAsBoolean() ? INSTEAD + "(" + does + "): kill switch on" : does);
    }

    /** Of the last 24 hours, from so many flows on. */
    static OptionalDouble seen(Coverage.Report report, String analytic, long least) {
        Coverage.Span day = report.spans().get(0);
        return day.flows() < least
                ? OptionalDouble.empty()
                : day.analytics().stream()
                        .filter(each -> each.analytic().equals(analytic))
                        .mapToDouble(each -> each.full() + each.degraded())
                        .findFirst();
    }
}
