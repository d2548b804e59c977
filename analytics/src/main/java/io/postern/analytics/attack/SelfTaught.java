package io.postern.analytics.attack;

import io.postern.analytics.baseline.Baseline;
import io.postern.analytics.baseline.BaselineSettings;
import io.postern.analytics.baseline.Cause;
import io.postern.analytics.baseline.Decision;
import io.postern.analytics.baseline.Known;
import io.postern.analytics.baseline.Learner;
import io.postern.analytics.baseline.Sighting;
import io.postern.analytics.baseline.Situation;
import io.postern.analytics.baseline.Standing;
import io.postern.analytics.baseline.Subject;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.DeviceContext;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Activity;
import io.postern.analytics.detect.Score;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.FlowEvent.Outcome;
import io.postern.analytics.sketch.Distinct;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The five with baselines that they learn from the very flows they judge, as a gateway does beside them: for inputs that are
 * read as a whole, with the input's clock. Baselines are handed over once an hour. Not for several threads.
 */
public final class SelfTaught implements Detection {

    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();
    /** Flows of which it is remembered in what state they began; of others it is not known. */
    private static final int MOST_ALIVE = 50_000;

    private final FiveAnalytics five;
    private final Learner learner;
    private final BaselineSettings baselines;
    private final Function<AppTag, AppRole> roles;
    private final Distinct devices = new Distinct();
    private final Map<String, Situation> alive = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Situation> eldest) {
            return size() > MOST_ALIVE;
        }
    };

    private final Builds builds = new Builds();
    private long version;
    private long began = Long.MIN_VALUE;
    private long due = Long.MIN_VALUE;
    private @Nullable String lastDevice;

    public SelfTaught(Settings settings, BaselineSettings baselines, Function<AppTag, AppRole> roles) {
        this.five = new FiveAnalytics(settings);
        this.baselines = baselines;
        this.learner = new Learner(baselines);
        this.roles = roles;
    }

    @Override
    public void observe(FlowEvent event, Consumer<Finding> findings) {
        clock(event.atMillis());
        five.observe(event, finding -> found(finding, event.flow().destination(), findings));
        learn(event);
    }

    private void clock(long atMillis) {
        if (began == Long.MIN_VALUE) {
            began = atMillis;
        }
        if (atMillis >= due) {
            due = atMillis + HOUR;
            learner.forget(atMillis);
            hand(atMillis);
        }
    }

    private void hand(long atMillis) {
        boolean learnt = atMillis - began >= baselines.minDays() * DAY;
        five.knows(new Knowledge(++version, learner.snapshot(atMillis), learnt, devices.count(), roles, builds::of));
    }

    private void learn(FlowEvent event) {
        Flow flow = event.flow();
        if (event instanceof FlowEvent.Opened) {
            alive.put(flow.uid(), situation(flow));
            if (!flow.tag().device().equals(lastDevice)) {
                lastDevice = flow.tag().device();
                devices.put(lastDevice);
            }
        } else if (event instanceof FlowEvent.Closed closed && closed.outcome() != Outcome.REFUSED) {
            @Nullable Situation began = alive.remove(flow.uid());
            learner.learn(new Sighting(
                    flow,
                    roles.apply(flow.tag()).category(),
                    builds.at(flow.tag(), flow.startMillis()),
                    began == null ? Situation.UNKNOWN : began,
                    closed.bytesOut(),
                    closed.bytesIn(),
                    false));
        }
    }

    private Situation situation(Flow flow) {
        return five.state(flow.tag().device())
                .map(state -> {
                    DeviceContext context = state.context();
                    long at = flow.startMillis();
                    return Situation.of(
                            context.background(flow.tag(), at).truth(),
                            context.locked(at).truth());
                })
                .orElse(Situation.UNKNOWN);
    }

    /** What a finding speaks of must not become normal. */
    private void found(Finding finding, Destination at, Consumer<Finding> findings) {
        if (finding.activity() == Activity.CREATE) {
            String destination = at.name().equals(finding.destination()) ? Learner.name(at) : finding.destination();
            AppTag tag = new AppTag(
                    finding.key().device(),
                    finding.key().profile(),
                    finding.key().app(),
                    DeviceAssurance.NONE,
                    AppAssurance.NONE);
            learner.taint(
                    finding.key().app(),
                    roles.apply(tag).category(),
                    destination,
                    Cause.finding(finding.uid()),
                    finding.atMillis());
        }
        findings.accept(finding);
    }

    /** Approves of all that is proposed by then, as somebody does who has looked at it. */
    public int approve(String by, long atMillis) {
        int approved = 0;
        for (Subject subject : learner.subjects()) {
            Learner.View view = learner.view(subject, atMillis).orElseThrow();
            Set<String> ids = view.entries().stream()
                    .filter(known -> known.standing() == Standing.PROPOSED)
                    .map(Known::id)
                    .collect(Collectors.toSet());
            approved += learner.decide(subject, ids, new Decision(true, by, atMillis, "", view.build(), 0));
        }
        hand(atMillis);
        return approved;
    }

    @Override
    public void told(ContextEvent event, Consumer<Finding> findings) {
        event.app().ifPresent(app -> builds.told(new AppKey(event.device(), event.profile(), app.name()), app, event));
        five.told(event, findings);
    }

    @Override
    public void reached(long atMillis, Consumer<Finding> findings) {
        clock(atMillis);
        five.reached(atMillis, findings);
    }

    @Override
    public void scores(Consumer<Score> scores) {
        five.scores(scores);
    }

    /** What was learnt by then. */
    Baseline snapshot(long atMillis) {
        return learner.snapshot(atMillis);
    }

    /** The five themselves. */
    public FiveAnalytics five() {
        return five;
    }
}
