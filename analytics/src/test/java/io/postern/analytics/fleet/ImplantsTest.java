package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.MINUTE;
import static io.postern.analytics.fleet.Times.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Staged;
import io.postern.analytics.context.ContextEvent.UsedCrypto;
import io.postern.analytics.context.ContextEvent.UsedResource;
import io.postern.analytics.fleet.Implants.Kind;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.Protocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each implant does what its name says, seen from outside on a fleet of its own. */
class ImplantsTest {

    private static final FleetSettings FLEET = FleetSettings.of(160, 3, 21).withImplants(1);

    /** One device of each kind, with all that happened on it. */
    private record Seen(Implant implant, List<FlowEvent> events, List<Happening> all, boolean inWindows) {
        List<FlowEvent> opened() {
            return events.stream().filter(FlowEvent.Opened.class::isInstance).toList();
        }

        long[] gaps() {
            List<FlowEvent> opened = opened();
            long[] gaps = new long[Math.max(0, opened.size() - 1)];
            for (int i = 0; i < gaps.length; i++) {
                gaps[i] = opened.get(i + 1).atMillis() - opened.get(i).atMillis();
            }
            return gaps;
        }
    }

    private static final Map<String, Seen> SEEN = new TreeMap<>();

    @BeforeAll
    static void watch() {
        for (int device = 0; device < FLEET.devices(); device++) {
            Phone phone = new Phone(FLEET, device);
            Implant implant = phone.implant().orElseThrow();
            if (SEEN.containsKey(implant.kind())) {
                continue;
            }
            List<FlowEvent> events = new ArrayList<>();
            List<Happening> all = new ArrayList<>();
            boolean inWindows = true;
            while (phone.hasNext()) {
                Happening next = phone.next();
                all.add(next);
                if (next instanceof Happening.Flowed flowed
                        && flowed.cause().implant().isPresent()) {
                    events.add(flowed.event());
                    if (flowed.event() instanceof FlowEvent.Opened) {
                        inWindows &= justLet(phone.today().held, next.atMillis());
                    }
                }
            }
            SEEN.put(implant.kind(), new Seen(implant, events, all, inWindows));
        }
    }

    /** Whether what was held has just been let go. */
    private static boolean justLet(Spans held, long at) {
        for (int i = 0; i < held.count(); i++) {
            if (at >= held.to(i) && at - held.to(i) <= 40 * SECOND) {
                return !held.contains(at);
            }
        }
        return false;
    }

    private static Seen seen(String kind) {
        return Objects.requireNonNull(SEEN.get(kind), kind);
    }

    @Test
    void thereAreAllKinds() {
        assertThat(SEEN.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Kind.values()).map(Kind::label).toList());
        assertThat(SEEN.values())
                .allSatisfy(seen -> assertThat(seen.implant().analytics())
                        .isNotEmpty()
                        .allMatch(analytic -> analytic.startsWith("AN")));
    }

    @Test
    void sleepersKeepWithinTheirJitter() {
        for (String kind : List.of("sleep", "learnt", "http-odd-port", "tls-odd-port", "under-traffic")) {
            Seen seen = seen(kind);
            long[] gaps = Arrays.stream(seen.gaps()).sorted().toArray();
            double median = gaps[gaps.length / 2];
            double bound = seen.implant().jitterPercent() / 100.0;
            long within = Arrays.stream(gaps)
                    .filter(gap -> Math.abs(gap / median - 1) <= bound * 1.35 + 0.02)
                    .count();
            assertThat((double) within / gaps.length).as(kind).isGreaterThan(0.9);
        }
    }

    @Test
    void someBeatsAreMissed() {
        Seen seen = seen("missed-beats");
        long[] gaps = Arrays.stream(seen.gaps()).sorted().toArray();
        double median = gaps[gaps.length / 2];

        assertThat(seen.implant().missedPercent()).isBetween(10, 30);
        assertThat(Arrays.stream(gaps).filter(gap -> gap > 1.6 * median).count())
                .isGreaterThan(gaps.length / 25);
    }

    @Test
    void burstsAreSeveralFlowsAtOnce() {
        long[] gaps = seen("bursts").gaps();

        assertThat(Arrays.stream(gaps).filter(gap -> gap < 5 * SECOND).count()).isGreaterThan(gaps.length / 3);
    }

    @Test
    void jobsWaitTheirQuarterOfAnHour() {
        assertThat(Arrays.stream(seen("work-manager").gaps())).isNotEmpty().allMatch(gap -> gap >= 15 * MINUTE);
    }

    @Test
    void inDozeItRunsOnlyWhenAllAreLet() {
        assertThat(seen("doze").opened()).isNotEmpty();
        assertThat(seen("doze").inWindows()).isTrue();
    }

    @Test
    void underTrafficItGoesWhereItsAppGoesAnyway() {
        Seen seen = seen("under-traffic");
        String host = seen.opened().get(0).flow().destination().host();

        assertThat(seen.all())
                .anyMatch(each -> each instanceof Happening.Flowed flowed
                        && flowed.cause().implant().isEmpty()
                        && flowed.event().flow().destination().host().equals(host)
                        && flowed.event()
                                .flow()
                                .tag()
                                .app()
                                .equals(seen.implant().app()));
    }

    @Test
    void deadDropsAreOnPlatforms() {
        assertThat(host("dead-drop-paste")).isEqualTo("pastebin.com");
        assertThat(host("dead-drop-code")).isEqualTo("raw.githubusercontent.com");
        assertThat(host("dead-drop-social")).isEqualTo("api.telegram.org");
    }

    private static String host(String kind) {
        return seen(kind).opened().get(0).flow().destination().host();
    }

    @Test
    void portsAreOdd() {
        assertThat(seen("tls-odd-port").opened()).allSatisfy(event -> {
            assertThat(event.flow().protocol()).isEqualTo(Protocol.TLS);
            assertThat(event.flow().destination().port()).isIn(4444, 8443);
        });
        assertThat(seen("http-odd-port").opened()).allSatisfy(event -> {
            assertThat(event.flow().protocol()).isEqualTo(Protocol.HTTP);
            assertThat(event.flow().destination().port()).isEqualTo(8081);
        });
        assertThat(seen("mail-channel").opened())
                .allSatisfy(event -> assertThat(event.flow().protocol()).isEqualTo(Protocol.IMAP));
    }

    @Test
    void aWebSocketHasManyExchangesInFewFlows() {
        Seen seen = seen("websocket");
        long exchanges = seen.events().stream()
                .filter(FlowEvent.Exchanged.class::isInstance)
                .count();

        assertThat(exchanges).isGreaterThan(5L * seen.opened().size());
    }

    @Test
    void pushComesFirst() {
        Seen seen = seen("push-woken");
        long[] pushes = seen.all().stream()
                .filter(each -> each instanceof Happening.Flowed flowed
                        && flowed.event() instanceof FlowEvent.Exchanged exchanged
                        && exchanged.flow().destination().host().equals("mtalk.google.com")
                        && exchanged.bytesIn() > 200)
                .mapToLong(Happening::atMillis)
                .toArray();
        long after = seen.opened().stream()
                .filter(event -> Arrays.stream(pushes)
                        .anyMatch(push -> event.atMillis() >= push && event.atMillis() - push < 5 * SECOND))
                .count();

        assertThat(after).isGreaterThan(9L * seen.opened().size() / 10);
    }

    @Test
    void tunnelsNeverAskTheSameTwice() {
        for (String kind : List.of("dns-slow", "dns-fast")) {
            Set<String> names = new HashSet<>();
            List<FlowEvent.Asked> asked = asked(kind);
            assertThat(asked)
                    .hasSizeGreaterThan(500)
                    .allSatisfy(each -> assertThat(names.add(each.name())).isTrue());
        }
    }

    @Test
    void theSlowOneSaysSevenTenthsOfAByteASecond() {
        List<FlowEvent.Asked> asked = asked("dns-slow");
        double seconds = (asked.get(asked.size() - 1).atMillis() - asked.get(0).atMillis()) / (double) SECOND;
        double bytes = asked.stream()
                .mapToInt(each -> each.name().length() - each.domain().length() - 1)
                .sum();

        assertThat(bytes / seconds).isBetween(0.4, 0.8);
        assertThat(asked.get(0).flow().tag().app()).isEqualTo("netd");
    }

    private static List<FlowEvent.Asked> asked(String kind) {
        return seen(kind).events().stream()
                .filter(FlowEvent.Asked.class::isInstance)
                .map(FlowEvent.Asked.class::cast)
                .toList();
    }

    @Test
    void uploadsFollowWhatWasTaken() {
        follows("cloud-upload", Set.of(UsedResource.class, Staged.class));
        follows("staged-upload", Set.of(UsedResource.class, Staged.class, UsedCrypto.class));
    }

    private static void follows(String kind, Set<Class<?>> facts) {
        Seen seen = seen(kind);
        assertThat(seen.opened()).isNotEmpty().allSatisfy(event -> {
            Set<Class<?>> told = seen.all().stream()
                    .filter(Happening.Told.class::isInstance)
                    .map(each -> ((Happening.Told) each).event())
                    .filter(fact -> fact.app()
                            .map(ContextEvent.App::name)
                            .equals(Optional.of(seen.implant().app())))
                    .filter(fact -> Math.abs(event.atMillis() - fact.timeMillis()) < 13 * MINUTE)
                    .map(fact -> fact.said().getClass())
                    .collect(Collectors.toSet());
            assertThat(told).containsAll(facts);
        });
    }

    @Test
    void dailyIsOnceADay() {
        assertThat(seen("daily").opened()).hasSizeBetween(2, 4);
    }

    @Test
    void growingSleepsGrow() {
        long[] gaps = seen("growing").gaps();

        assertThat(Arrays.stream(gaps).max().orElse(0)).isGreaterThan(100 * MINUTE);
        assertThat(Arrays.stream(gaps).min().orElse(0)).isLessThan(2 * MINUTE);
    }

    @Test
    void onlyTheLearntIsThereFromTheFirstDay() {
        for (Kind kind : Kind.values()) {
            int fromDay = Implants.plant(kind, "d", new Dice(7), 30).fromDay();
            if (kind == Kind.LEARNT) {
                assertThat(fromDay).isZero();
            } else {
                assertThat(fromDay).isBetween(2, 16);
            }
        }
    }

    /** The installer weighs in all five: it must not tell the label. */
    @Test
    void whereAnAppCameFromDoesNotTellWhatHidesInIt() {
        FleetSettings one = FleetSettings.of(400, 1, 22).withImplants(1);
        int[] hiding = new int[2];
        int[] others = new int[2];
        for (int device = 0; device < one.devices(); device++) {
            Phone phone = new Phone(one, device);
            String host = phone.implant().orElseThrow().app();
            while (phone.hasNext()) {
                if (phone.next() instanceof Happening.Told told
                        && told.event().said() instanceof ContextEvent.Installed installed
                        && !installed.managed()) {
                    String app = told.event().app().orElseThrow().name();
                    int[] counts = app.equals(host) ? hiding : others;
                    counts[0]++;
                    counts[1] += installed.installer().isEmpty() ? 1 : 0;
                }
            }
        }
        assertThat((double) hiding[1] / hiding[0]).isBetween(0.0, 0.05);
        assertThat((double) others[1] / others[0]).isBetween(0.01, 0.03);
    }
}
