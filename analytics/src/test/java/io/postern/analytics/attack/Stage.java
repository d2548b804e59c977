package io.postern.analytics.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.baseline.BaselineSettings;
import io.postern.analytics.baseline.Build;
import io.postern.analytics.baseline.Cause;
import io.postern.analytics.baseline.Decision;
import io.postern.analytics.baseline.Known;
import io.postern.analytics.baseline.Learner;
import io.postern.analytics.baseline.Sighting;
import io.postern.analytics.baseline.Situation;
import io.postern.analytics.baseline.Standing;
import io.postern.analytics.baseline.Subject;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Activity;
import io.postern.analytics.detect.Score;
import io.postern.analytics.flow.FlowEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A device of a fleet, what is known beside it, what happens, and what the five make of it: the words in which their tests
 * are written. First all that happens is put down, in any order; then it is played in the order of time.
 */
final class Stage {

    /** A Monday, midnight UTC. */
    static final long START = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();

    static final long SECOND = 1_000;
    static final long MINUTE = 60 * SECOND;
    static final long HOUR = 60 * MINUTE;
    static final long DAY = 24 * HOUR;

    static final String DEVICE = "LC01";
    /** Of which nothing but its own server is known. */
    static final String APP = "com.example.torch";

    private static final int LEARNT_DAYS = 5;
    private static final int FLEET = 20;

    /** Something that is observed or told at a time. */
    private record Cue(long atMillis, Consumer<Detection> happens) {}

    private final FiveAnalytics five;
    private final Learner learner = new Learner(BaselineSettings.DEFAULTS);
    private final Map<String, AppRole> roles = new HashMap<>();
    private final Map<String, Build> installed = new HashMap<>();
    private final List<Cue> script = new ArrayList<>();
    private final List<Finding> told = new ArrayList<>();
    private Build learns = Build.UNKNOWN;
    private boolean tellsRare = true;
    private boolean news = true;
    private int groups;
    private long version;
    private long uids;

    Stage() {
        this(Settings.DEFAULTS);
    }

    Stage(Settings settings) {
        five = new FiveAnalytics(settings);
    }

    FiveAnalytics five() {
        return five;
    }

    String uid() {
        return "u" + uids++;
    }

    // What is known.

    Stage role(String app, Role role) {
        roles.put(app, role.written());
        news = true;
        return this;
    }

    /** The build of an app on every device that something happens on. */
    Stage installs(String app, Build build) {
        installed.put(app, build);
        news = true;
        return this;
    }

    /** What is learnt from now on is of this build. */
    Stage ofBuild(Build build) {
        learns = build;
        return this;
    }

    /** Nothing was learnt for long enough to say that anything is rare. */
    Stage knowsNoFleet() {
        return knows(false);
    }

    Stage knowsTheFleet() {
        return knows(true);
    }

    private Stage knows(boolean whatIsRare) {
        tellsRare = whatIsRare;
        news = true;
        return this;
    }

    /** What is known is handed over again and again, as a gateway does. */
    Stage knowsAnewEvery(Duration period, long until) {
        for (long at = START; at < until; at += period.toMillis()) {
            put(at, detection -> hand());
        }
        return this;
    }

    /** So many other devices had their apps say this in the days before, now and then. */
    Stage learnt(int devices, Traffic traffic) {
        return learnt(devices, traffic, Beat.every(Duration.ofHours(5)).jitter(0.5), Situation.UNKNOWN);
    }

    /** The same, of a rhythm and in a situation. */
    Stage learnt(int devices, Traffic traffic, Beat beat, Situation situation) {
        groups++;
        for (int i = 0; i < devices; i++) {
            Traffic others = traffic.ofDevice("F" + groups + "." + i);
            for (long at : beat.seed(i).between(START - LEARNT_DAYS * DAY + i * MINUTE, START)) {
                learn(others, situation, at);
            }
        }
        news = true;
        return this;
    }

    /** The same once a day, at this time, on so many days. */
    Stage learntDaily(int devices, Traffic traffic, int days, long timeOfDay) {
        groups++;
        for (int i = 0; i < devices; i++) {
            for (int day = days; day > 0; day--) {
                learn(
                        traffic.ofDevice("F" + groups + "." + i),
                        Situation.UNKNOWN,
                        START - day * DAY + timeOfDay + i * MINUTE);
            }
        }
        news = true;
        return this;
    }

    private void learn(Traffic traffic, Situation situation, long at) {
        learner.learn(new Sighting(
                traffic.flow(at),
                roles.getOrDefault(traffic.app(), AppRole.NONE).category(),
                learns,
                situation,
                traffic.usualUp(),
                traffic.usualDown(),
                false));
    }

    /** Evidence speaks of it on some other device. */
    Stage taints(String app, String domain) {
        String category = roles.getOrDefault(app, AppRole.NONE).category();
        learner.taint(app, category, domain, Cause.finding("f1"), START);
        news = true;
        return this;
    }

    /** Somebody has answered of a finding on some device that it was what it said. */
    Stage confirms(String app, String domain) {
        String category = roles.getOrDefault(app, AppRole.NONE).category();
        learner.taint(app, category, domain, Cause.confirmed("f1"), START);
        news = true;
        return this;
    }

    /** Somebody approves of all that is proposed of an app and its category. */
    Stage approve(Subject subject) {
        return decide(subject, true, 0);
    }

    /** The same until then, when it is to be looked at again. */
    Stage approve(Subject subject, long until) {
        return decide(subject, true, until);
    }

    Stage reject(Subject subject) {
        return decide(subject, false, 0);
    }

    private Stage decide(Subject subject, boolean approved, long until) {
        Learner.View view = learner.view(subject, START).orElseThrow();
        Set<String> ids = view.entries().stream()
                .filter(known -> known.standing() == Standing.PROPOSED)
                .map(Known::id)
                .collect(Collectors.toSet());
        assertThat(ids).as("what is proposed of %s", subject).isNotEmpty();
        learner.decide(subject, ids, new Decision(approved, "ann", START, "", view.build(), until));
        news = true;
        return this;
    }

    // What happens.

    Traffic flows(String app, String host) {
        return new Traffic(this, DEVICE, app, host);
    }

    Agent agent() {
        return new Agent(this, DEVICE, "agent");
    }

    Agent agent(String device, String name) {
        return new Agent(this, device, name);
    }

    void happens(FlowEvent event) {
        put(event.atMillis(), detection -> detection.observe(event, told::add));
    }

    void isTold(ContextEvent event, long atMillis) {
        put(atMillis, detection -> detection.told(event, told::add));
    }

    void put(long atMillis, Consumer<Detection> happens) {
        script.add(new Cue(atMillis, happens));
    }

    /** Time goes on. */
    Stage reached(long atMillis) {
        put(atMillis, detection -> detection.reached(atMillis, told::add));
        return this;
    }

    /** All of it, in the order of time. */
    Stage play() {
        return play(five);
    }

    /** The same of others than the bare five. */
    Stage play(Detection detection) {
        if (news) {
            news = false;
            hand();
        }
        script.sort(Comparator.comparingLong(Cue::atMillis));
        script.forEach(cue -> cue.happens.accept(detection));
        long last = script.isEmpty() ? START : script.get(script.size() - 1).atMillis;
        script.clear();
        detection.reached(last, told::add);
        return this;
    }

    /** Everything is told twice. */
    Stage twice() {
        script.addAll(List.copyOf(script));
        return this;
    }

    /** Everything comes up to so much later than it should. */
    Stage outOfOrderBy(Duration most) {
        Random random = new Random(7);
        script.replaceAll(cue -> new Cue(cue.atMillis + random.nextInt((int) most.toMillis()), cue.happens));
        return this;
    }

    private void hand() {
        five.knows(new Knowledge(
                ++version,
                learner.snapshot(START),
                tellsRare,
                tellsRare ? FLEET : 0,
                tag -> roles.getOrDefault(tag.app(), AppRole.NONE),
                tag -> installed.getOrDefault(tag.app(), Build.UNKNOWN)));
    }

    // What is made of it.

    List<Finding> told() {
        return told;
    }

    /** Its last word on the device. */
    Found finds(String analytic) {
        List<Finding> all =
                told.stream().filter(one -> one.analytic().equals(analytic)).toList();
        assertThat(all).as("findings of %s", analytic).isNotEmpty();
        return new Found(all.get(all.size() - 1));
    }

    /** Its first word. */
    Found raises(String analytic) {
        List<Finding> all =
                told.stream().filter(one -> one.analytic().equals(analytic)).toList();
        assertThat(all).as("findings of %s", analytic).isNotEmpty();
        assertThat(all.get(0).activity()).isEqualTo(Activity.CREATE);
        return new Found(all.get(0));
    }

    /** Nothing of medium or more was ever said by one of them. */
    void isSilent(String analytic) {
        assertThat(of(told.stream().filter(one -> one.analytic().equals(analytic))))
                .isEmpty();
    }

    /** Nothing of medium or more was ever said. */
    void isSilent() {
        assertThat(of(told.stream())).isEmpty();
    }

    /** The first few, to be read by people. */
    private static List<String> of(Stream<Finding> findings) {
        return findings.limit(3).map(Found::text).toList();
    }

    List<Activity> lifeOf(String analytic) {
        return told.stream()
                .filter(one -> one.analytic().equals(analytic))
                .map(Finding::activity)
                .toList();
    }

    /** What an analytic makes of an app in the end, the most of all destinations; below a finding too. */
    double score(String analytic, String app) {
        List<Score> scores = new ArrayList<>();
        five.scores(scores::add);
        return scores.stream()
                .filter(one -> one.key().app().equals(app) && one.analytic().equals(analytic))
                .mapToDouble(Score::score)
                .max()
                .orElse(0);
    }
}
