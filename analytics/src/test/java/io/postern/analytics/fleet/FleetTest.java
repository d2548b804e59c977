package io.postern.analytics.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Heartbeat;
import io.postern.analytics.context.ContextEvent.Locked;
import io.postern.analytics.context.ContextEvent.UsedCrypto;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.FlowEvent.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FleetTest {

    private static final FleetSettings SMALL = FleetSettings.of(3, 3, 11);

    @Test
    void theSameSeedIsTheSameFleet() {
        assertThat(all(SMALL, 2)).isEqualTo(all(SMALL, 2));
        assertThat(all(SMALL, 2)).isNotEqualTo(all(FleetSettings.of(3, 3, 12), 2));
    }

    @Test
    void everythingComesInOrder() {
        for (int device = 0; device < SMALL.devices(); device++) {
            assertThat(all(SMALL, device)).isSortedAccordingTo((a, b) -> Long.compare(a.atMillis(), b.atMillis()));
        }
    }

    @Test
    void byTurnsEveryKindIsThereAsOftenAsAnyOther() {
        Fleet fleet = Fleet.byTurns(FleetSettings.of(350, 5, 1_002).withImplants(0.12));
        Map<String, Integer> kinds = new HashMap<>();
        for (int device = 0; device < 350; device++) {
            fleet.implant(device).ifPresent(implant -> kinds.merge(implant.kind(), 1, Integer::sum));
        }

        assertThat(kinds).hasSize(21);
        assertThat(kinds.values()).allMatch(count -> count == 2);
    }

    @Test
    void mergedIsTheSameInOneOrder() {
        List<Happening> merged = new ArrayList<>();
        new Fleet(SMALL).merged().forEachRemaining(merged::add);
        List<Happening> apart = new ArrayList<>();
        for (int device = 0; device < SMALL.devices(); device++) {
            apart.addAll(all(SMALL, device));
        }

        assertThat(merged).isSortedAccordingTo((a, b) -> Long.compare(a.atMillis(), b.atMillis()));
        assertThat(merged).hasSameSizeAs(apart);
        assertThat(new HashSet<>(merged).equals(new HashSet<>(apart))).isTrue();
    }

    @Test
    void everyFlowBeginsEndsAndAddsUp() {
        Map<String, long[]> living = new HashMap<>();
        int flows = 0;
        for (FlowEvent event : flows(SMALL, 1)) {
            String uid = event.flow().uid();
            if (event instanceof FlowEvent.Opened) {
                assertThat(living.put(uid, new long[2])).isNull();
                flows++;
            } else if (event instanceof FlowEvent.Exchanged exchanged) {
                long[] sums = Objects.requireNonNull(living.get(uid));
                sums[0] += exchanged.bytesOut();
                sums[1] += exchanged.bytesIn();
            } else if (event instanceof FlowEvent.Closed closed) {
                long[] sums = living.remove(uid);
                if (!event.flow().protocol().label().equals("dns")) {
                    assertThat(new long[] {closed.bytesOut(), closed.bytesIn()}).isEqualTo(sums);
                }
            }
        }
        assertThat(living).isEmpty();
        assertThat(flows).isBetween(3 * 200, 3 * 3_000);
    }

    @Test
    void whatImplantsDoIsLabelledAndTheRestGoesOnAsWithoutThem() {
        for (int device = 0; device < 6; device++) {
            FleetSettings with = FleetSettings.of(6, 3, 5).withImplants(1);
            List<Happening> infected = all(with, device);
            Implant implant = new Fleet(with).implant(device).orElseThrow();
            List<Cause> causes = infected.stream()
                    .filter(Happening.Flowed.class::isInstance)
                    .map(each -> ((Happening.Flowed) each).cause())
                    .filter(cause -> cause.implant().isPresent())
                    .distinct()
                    .toList();

            assertThat(causes)
                    .allSatisfy(cause -> assertThat(cause.implant()).contains(implant))
                    .allSatisfy(cause -> assertThat(cause.app()).isEqualTo(implant.app()));
            List<String> without = benign(all(with.withImplants(0), device));
            // An app that came with it takes its share of the user's time.
            boolean came = Catalogue.APPS.stream().anyMatch(app -> app.name().equals(implant.app()))
                    && without.stream().noneMatch(flow -> flow.contains(implant.app()));
            assertThat(came || benign(infected).equals(without)).isTrue();
        }
    }

    /** When each app began which flow, without the resolver, of which everybody's answers are shared. */
    private static List<String> benign(List<Happening> happenings) {
        return happenings.stream()
                .filter(Happening.Flowed.class::isInstance)
                .map(Happening.Flowed.class::cast)
                .filter(each -> each.cause().implant().isEmpty()
                        && each.event() instanceof FlowEvent.Opened
                        && !each.cause().app().equals(Sender.NETD))
                .map(each -> each.atMillis() + " " + each.event().flow().tag().app() + " "
                        + each.event().flow().destination().name())
                .toList();
    }

    @Test
    void noJobRunsSoonerThanAQuarterOfAnHour() {
        Map<String, Long> last = new HashMap<>();
        int gaps = 0;
        for (int device = 0; device < 4; device++) {
            last.clear();
            for (Happening happening : all(FleetSettings.of(4, 5, 3), device)) {
                if (happening instanceof Happening.Flowed flowed
                        && flowed.event() instanceof FlowEvent.Opened
                        && flowed.cause().behaviour().equals("Jobs")) {
                    String key = flowed.cause().app()
                            + flowed.event().flow().destination().domain();
                    Long before = last.put(key, happening.atMillis());
                    if (before != null) {
                        assertThat(happening.atMillis() - before).isGreaterThanOrEqualTo(15 * Times.MINUTE);
                        gaps++;
                    }
                }
            }
        }
        assertThat(gaps).isGreaterThan(500);
    }

    @Test
    void pushIsCarriedByPlayServices() {
        assertThat(flows(SMALL, 0))
                .filteredOn(event -> event.flow().destination().host().equals("mtalk.google.com"))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.flow().tag().app()).isEqualTo("com.google.android.gms"));
    }

    @Test
    void aShareOfTheFlowsLosesItsApp() {
        List<FlowEvent> flows = flows(SMALL.withUnattributed(0.2), 1);

        long lost = flows.stream()
                .filter(event -> event instanceof FlowEvent.Opened
                        && event.flow().tag().app().equals(AppTag.NOBODY))
                .count();
        long all = flows.stream().filter(FlowEvent.Opened.class::isInstance).count();

        assertThat((double) lost / all).isBetween(0.16, 0.24);
        assertThat(flows)
                .allSatisfy(event -> assertThat(event.flow().tag().device()).isEqualTo(Fleet.deviceId(1)));
    }

    @Test
    void fullContextComesAtOnce() {
        assertThat(told(ContextQuality.FULL)).isNotEmpty().allSatisfy(told -> {
            assertThat(told.event().batched()).isFalse();
            assertThat(told.atMillis() - told.event().timeMillis()).isBetween(-600_000L, 602_000L);
        });
    }

    @Test
    void lateContextWaitsForItsBatch() {
        List<Happening.Told> late = told(ContextQuality.LATE);

        assertThat(late)
                .isNotEmpty()
                .allSatisfy(told -> assertThat(told.event().batched()).isTrue());
        double hours = late.stream()
                        .mapToLong(told -> told.atMillis() - told.event().timeMillis())
                        .average()
                        .orElse(0)
                / Times.HOUR;
        assertThat(hours).isBetween(0.9, 8.0);
    }

    @Test
    void lossyContextHasGaps() {
        int full = told(ContextQuality.FULL).size();

        assertThat(told(ContextQuality.LOSSY).size()).isBetween(full / 3, 3 * full / 4);
        assertThat(told(ContextQuality.NONE)).isEmpty();
    }

    @Test
    void whereItLiesAnImplantSpeaksThroughTheAgent() {
        FleetSettings lying = FleetSettings.of(6, 3, 5).withImplants(1).withContext(ContextQuality.LYING);
        for (int device = 0; device < 6; device++) {
            String app = new Fleet(lying).implant(device).orElseThrow().app();
            List<ContextEvent> told =
                    told(lying, device).stream().map(Happening.Told::event).toList();

            assertThat(told).noneMatch(event -> event.said().equals(new Locked(true)));
            assertThat(told)
                    .filteredOn(event -> event.app().map(ContextEvent.App::name).equals(Optional.of(app)))
                    .isNotEmpty()
                    .noneMatch(event -> event.said() instanceof UsedCrypto);
        }
    }

    @Test
    void theAgentIsAliveAndSaysSo() {
        long heartbeats = told(ContextQuality.FULL).stream()
                .filter(told -> told.event().said() instanceof Heartbeat)
                .count();

        assertThat(heartbeats).isEqualTo(3 * 96);
    }

    @Test
    void someImplantsFindNobodyHome() {
        FleetSettings fleet = FleetSettings.of(10, 3, 5).withImplants(1);
        long failed = 0;
        for (int device = 0; device < 10; device++) {
            failed += flows(fleet, device).stream()
                    .filter(event ->
                            event instanceof FlowEvent.Closed closed && closed.outcome() == Outcome.FAILED_UPSTREAM)
                    .count();
        }
        assertThat(failed).isPositive();
    }

    @Test
    void settingsThatMakeNoFleetAreRefused() {
        assertThatThrownBy(() -> FleetSettings.of(0, 1, 1)).hasMessage("devices is 0, must be 1 to 1000000");
        assertThatThrownBy(() -> SMALL.withImplants(1.5)).hasMessage("implant share is 1.5, must be 0 to 1");
    }

    private static List<Happening> all(FleetSettings settings, int device) {
        List<Happening> all = new ArrayList<>();
        Iterator<Happening> happenings = new Fleet(settings).device(device);
        happenings.forEachRemaining(all::add);
        return all;
    }

    private static List<FlowEvent> flows(FleetSettings settings, int device) {
        return all(settings, device).stream()
                .filter(Happening.Flowed.class::isInstance)
                .map(each -> ((Happening.Flowed) each).event())
                .toList();
    }

    private static List<Happening.Told> told(ContextQuality quality) {
        return told(SMALL.withContext(quality), 1);
    }

    private static List<Happening.Told> told(FleetSettings settings, int device) {
        return all(settings, device).stream()
                .filter(Happening.Told.class::isInstance)
                .map(Happening.Told.class::cast)
                .toList();
    }
}
