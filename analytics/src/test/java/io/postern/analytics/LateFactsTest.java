package io.postern.analytics;

import static io.postern.analytics.Flows.HOUR;
import static io.postern.analytics.Flows.MINUTE;
import static io.postern.analytics.Flows.START;
import static io.postern.analytics.Flows.opened;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Tracked.Count;
import io.postern.analytics.Tracked.Precedent;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Lifecycle;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.instrument.Usual;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However facts come, once their flows were told again check-ins count as if all had come in time. */
class LateFactsTest {

    private static final List<String> APPS = List.of("com.example.one", "com.example.two", "com.example.three");
    private static final long DAYS = 60 * HOUR;
    /** When what is late begins to come; until it is judged flows go on and facts come in time. */
    private static final long LATE = START + DAYS;

    private static final long JUDGED = LATE + 90 * MINUTE;
    private static final int FACTS = 60;

    private final List<FlowEvent> flows = new ArrayList<>();
    private final List<ContextEvent> facts = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void countsAreThoseOfFactsThatCameInTime(long seed) {
        Random random = new Random(seed);
        happens(random);
        List<ContextEvent> late = late(random);

        DeviceState state = played(late);
        late.forEach(fact -> tell(state, fact));
        play(state, LATE, JUDGED, List.of());
        assertThat(counts(state)).isNotEqualTo(counts(inTime()));
        judge(state);

        assertThat(counts(state)).isEqualTo(counts(inTime()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatIsToldWhileFlowsAreToldAgainCountsTheNextTime(long seed) {
        Random random = new Random(seed);
        happens(random);
        List<ContextEvent> late = late(random);

        DeviceState state = played(late);
        late.subList(0, late.size() / 2).forEach(fact -> tell(state, fact));
        Retold again = state.late().again().orElseThrow();
        flows.stream().filter(flow -> flow.atMillis() < LATE).forEach(again::observe);
        late.subList(late.size() / 2, late.size()).forEach(fact -> tell(state, fact));
        play(state, LATE, JUDGED, List.of());
        state.late().settle(changed -> {});
        state.late().settle(again, (seen, at) -> {});
        judge(state);

        assertThat(counts(state)).isEqualTo(counts(inTime()));
        assertThat(state.late().again()).as("nothing was told since").isEmpty();
    }

    private void happens(Random random) {
        for (long at = START; at < JUDGED; at += 1 + random.nextLong(20 * MINUTE)) {
            String app = APPS.get(random.nextInt(APPS.size()));
            flows.add(opened(app, "host" + random.nextInt(3) + ".example", at));
        }
        for (int i = 0; i < FACTS; i++) {
            facts.add(fact(random, i, START + random.nextLong(JUDGED - START)));
        }
        facts.sort(Comparator.comparingLong(ContextEvent::timeMillis));
    }

    private static ContextEvent fact(Random random, int number, long at) {
        Optional<ContextEvent.App> app = Optional.of(new ContextEvent.App(
                APPS.get(random.nextInt(APPS.size())), OptionalLong.empty(), OptionalLong.empty()));
        return switch (random.nextInt(4)) {
            case 0 -> fact(number, at, Optional.empty(), new ContextEvent.Locked(random.nextBoolean()));
            case 1 ->
                fact(
                        number,
                        at,
                        app,
                        new Lifecycle(random.nextBoolean() ? Lifecycle.State.FOREGROUND : Lifecycle.State.BACKGROUND));
            case 2 ->
                fact(
                        number,
                        at,
                        app,
                        new ContextEvent.Staged(9, OptionalDouble.empty(), ContextEvent.Staged.Location.PRIVATE));
            default ->
                fact(
                        number,
                        at,
                        app,
                        new ContextEvent.UsedCrypto(
                                ContextEvent.UsedCrypto.Operation.ENCRYPT, "AES", OptionalLong.empty()));
        };
    }

    private static ContextEvent fact(int number, long at, Optional<ContextEvent.App> app, ContextEvent.Said said) {
        return new ContextEvent("e" + number, at, "device", "0", app, said, "agent", true);
    }

    /** Of half of what happened before; in no order. */
    private List<ContextEvent> late(Random random) {
        List<ContextEvent> late = new ArrayList<>(facts.stream()
                .filter(fact -> fact.timeMillis() < LATE && random.nextBoolean())
                .toList());
        Collections.shuffle(late, random);
        return late;
    }

    private DeviceState inTime() {
        DeviceState state = new DeviceState(StateLimits.DEFAULTS, Usual.UNKNOWN);
        play(state, START, JUDGED, List.of());
        return state;
    }

    private DeviceState played(List<ContextEvent> without) {
        DeviceState state = new DeviceState(StateLimits.DEFAULTS, Usual.UNKNOWN);
        play(state, START, LATE, without);
        return state;
    }

    private void play(DeviceState state, long from, long until, List<ContextEvent> without) {
        int next = 0;
        for (FlowEvent flow : flows) {
            for (; next < facts.size() && facts.get(next).timeMillis() <= flow.atMillis(); next++) {
                ContextEvent fact = facts.get(next);
                if (fact.timeMillis() >= from && fact.timeMillis() < until && !without.contains(fact)) {
                    state.tell(fact);
                }
            }
            if (flow.atMillis() >= from && flow.atMillis() < until) {
                state.late().settle(changed -> {});
                state.observe(flow);
            }
        }
    }

    private static void tell(DeviceState state, ContextEvent fact) {
        state.late().keepBefore();
        state.tell(fact);
    }

    private void judge(DeviceState state) {
        Retold again = state.late().again().orElseThrow();
        flows.forEach(again::observe);
        state.late().settle(changed -> {});
        state.late().settle(again, (seen, at) -> {});
    }

    private static Map<String, String> counts(DeviceState state) {
        Map<String, String> counts = new TreeMap<>();
        state.each(seen -> {
            StringBuilder text = new StringBuilder();
            for (Count count : List.of(Count.QUIET, Count.IN_USE, Count.UNKNOWN_STATE)) {
                text.append(count).append(' ').append(seen.count(count)).append(' ');
            }
            for (Precedent precedent : List.of(Precedent.CRYPTO, Precedent.STAGING)) {
                text.append(precedent)
                        .append(' ')
                        .append(seen.preceded(precedent))
                        .append(' ');
            }
            counts.put(seen.app() + " " + seen.destination(), text.toString());
        });
        return counts;
    }
}
