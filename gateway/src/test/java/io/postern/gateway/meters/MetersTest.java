package io.postern.gateway.meters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Protocol;
import io.postern.config.ListenSettings.Ingress;
import io.postern.config.policy.Policy;
import io.postern.config.policy.Policy.Effect;
import io.postern.config.policy.Policy.Mode;
import io.postern.config.policy.Policy.Rule;
import io.postern.config.policy.Policy.When;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetersTest {
    private final Meters meters = new Meters();

    private enum Fault {
        TOO_LATE,
        FORGED;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @AfterEach
    void close() {
        meters.close();
    }

    @Test
    void aFlowIsActiveUntilItCloses() {
        meters.flows().opened(Ingress.HTTP_CONNECT);
        assertThat(sample("postern_flows_active{ingress=\"http-connect\"}")).isEqualTo(1);

        meters.flows().closed(Ingress.HTTP_CONNECT, Protocol.TLS, "-", Action.ALERT);

        assertThat(sample("postern_flows_active{ingress=\"http-connect\"}")).isZero();
        assertThat(sample("postern_flows_total{ingress=\"http-connect\",protocol=\"tls\",verdict=\"alert\"}"))
                .isEqualTo(1);
        assertThat(sample("postern_flows_total{ingress=\"http-connect\",protocol=\"tls\",verdict=\"allow\"}"))
                .isZero();
        assertThat(sample("postern_app_flows_total{app=\"-\",verdict=\"alert\"}"))
                .isEqualTo(1);
    }

    @Test
    void everyCombinationHasACellOfItsOwn() {
        for (Protocol protocol : Protocol.values()) {
            for (Action action : Action.values()) {
                for (Ingress ingress : Ingress.values()) {
                    meters.flows().closed(ingress, protocol, "-", action);
                }
            }
            for (Basis basis : Basis.values()) {
                meters.flows().recognised(protocol, basis);
            }
            meters.flows().nonstandardPort(protocol);
        }
        for (DeviceAssurance device : DeviceAssurance.values()) {
            for (AppAssurance app : AppAssurance.values()) {
                meters.flows().attributed(device, app);
            }
        }

        Scrape scrape = scrape();
        assertThat(scrape.of("postern_flows_total"))
                .hasSize(5 * 22 * 5)
                .allSatisfy((series, value) -> assertThat(value).isEqualTo(1));
        assertThat(scrape.of("postern_recognition_total"))
                .hasSize(22 * 7)
                .containsKey("postern_recognition_total{basis=\"server-first\",protocol=\"unknown\"}")
                .allSatisfy((series, value) -> assertThat(value).isEqualTo(1));
        assertThat(scrape.of("postern_nonstandard_port_total"))
                .hasSize(22)
                .allSatisfy((series, value) -> assertThat(value).isEqualTo(1));
        assertThat(scrape.of("postern_attribution_total"))
                .hasSize(7 * 5)
                .containsKey("postern_attribution_total{app_assurance=\"os-audited\",device_assurance=\"mtls-bound\"}")
                .allSatisfy((series, value) -> assertThat(value).isEqualTo(1));
    }

    @Test
    void bytesGoByDirection() {
        meters.flows().bytesOut(3_000_000_000L);
        meters.flows().bytesIn(7);

        assertThat(sample("postern_flow_bytes_total{direction=\"out\"}")).isEqualTo(3e9);
        assertThat(sample("postern_flow_bytes_total{direction=\"in\"}")).isEqualTo(7);
    }

    @Test
    void durationsAreHistogramsWithFixedBounds() {
        meters.flows().setup(TimeUnit.MILLISECONDS.toNanos(3));
        meters.flows().judged(VerdictStage.RECOGNISED, 2_500);

        assertThat(sample("postern_flow_setup_seconds_bucket{le=\"0.0025\"}")).isZero();
        assertThat(sample("postern_flow_setup_seconds_bucket{le=\"0.005\"}")).isEqualTo(1);
        assertThat(sample("postern_flow_setup_seconds_bucket{le=\"+Inf\"}")).isEqualTo(1);
        assertThat(sample("postern_verdict_seconds_count{stage=\"recognised\"}"))
                .isEqualTo(1);
        assertThat(sample("postern_verdict_seconds_bucket{stage=\"recognised\",le=\"3.0E-6\"}"))
                .isEqualTo(1);
        assertThat(sample("postern_verdict_seconds_count{stage=\"open\"}")).isZero();
        assertThat(scrape().of("postern_flow_setup_seconds_bucket")).hasSize(15);
    }

    @Test
    void reasonsComeFromTheStageThatKnowsThem() {
        Counters<Fault> tags = meters.tagsRejected(Fault.class, Fault::label);
        Counters<Fault> upstreams = meters.upstreamFailures(Fault.class, Fault::label);
        Counters<Fault> egress = meters.egressRefused(Fault.class, Fault::label);
        Counters<Fault> clients = meters.clientErrors(Ingress.HTTP_CONNECT, Fault.class, Fault::label);
        Counters<Fault> records = meters.recordsDropped("flow", Fault.class, Fault::label);
        Counters<Fault> overload = meters.overload(Fault.class, Fault::label);
        List.of(tags, upstreams, egress, clients, records, overload).forEach(family -> family.count(Fault.TOO_LATE));
        records.count(Fault.FORGED, 41);

        assertThat(sample("postern_tags_rejected_total{reason=\"too-late\"}")).isEqualTo(1);
        assertThat(sample("postern_tags_rejected_total{reason=\"forged\"}")).isZero();
        assertThat(sample("postern_upstream_failures_total{reason=\"too-late\"}"))
                .isEqualTo(1);
        assertThat(sample("postern_egress_refused_total{reason=\"too-late\"}")).isEqualTo(1);
        assertThat(sample("postern_client_errors_total{ingress=\"http-connect\",reason=\"too-late\"}"))
                .isEqualTo(1);
        assertThat(sample("postern_records_dropped_total{reason=\"too-late\",record=\"flow\"}"))
                .isEqualTo(1);
        assertThat(sample("postern_records_dropped_total{reason=\"forged\",record=\"flow\"}"))
                .isEqualTo(41);
        assertThat(sample("postern_overload_total{action=\"too-late\"}")).isEqualTo(1);
    }

    @Test
    void appsOutsideTheInventoryShareOneLabel() {
        meters.policyApplied(policy("v1", List.of("com.acme.mail"), List.of()));

        closed("com.acme.mail");
        closed("com.evil.one");
        closed("com.evil.two");
        closed("-");

        assertThat(apps()).containsExactlyInAnyOrderEntriesOf(Map.of("com.acme.mail", 1.0, "other", 2.0, "-", 1.0));
    }

    @Test
    void aReloadLosesNoCount() {
        meters.policyApplied(policy("v1", List.of("com.acme.mail", "com.acme.old"), List.of()));
        closed("com.acme.mail");
        closed("com.acme.old");
        closed("com.acme.later");

        meters.policyApplied(policy("v2", List.of("com.acme.mail", "com.acme.later"), List.of()));
        closed("com.acme.mail");
        closed("com.acme.later");

        assertThat(apps())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "com.acme.mail", 2.0, "com.acme.old", 1.0, "com.acme.later", 1.0, "other", 1.0, "-", 0.0));
    }

    @Test
    void noInventoryMakesMoreLabelsThanTheCap() {
        meters.policyApplied(policy("v1", names("a.", 300), List.of()));
        assertThat(apps())
                .hasSize(FlowMeters.APPS + 2)
                .containsKeys("a.000", "a.199")
                .doesNotContainKey("a.200");

        meters.policyApplied(policy("v2", names("b.", 150), List.of()));

        assertThat(apps()).hasSize(FlowMeters.APPS + 2).containsKeys("b.000", "b.149");
        assertThat(apps().keySet().stream().filter(app -> app.startsWith("a.")))
                .as("what is left of the room stays with the old ones")
                .hasSize(50);
    }

    @Test
    void aRuleThatWouldHaveBlockedIsCountedByName() {
        meters.policyApplied(policy("v1", List.of(), List.of("no-cloud-storage")));

        meters.flows().wouldBlock("no-cloud-storage");
        meters.flows().wouldBlock("no-such-rule");

        assertThat(sample("postern_would_block_total{rule=\"no-cloud-storage\"}"))
                .isEqualTo(1);
        assertThat(sample("postern_would_block_total{rule=\"other\"}")).isEqualTo(1);
    }

    @Test
    void onePolicyIsInForce() {
        meters.policyApplied(policy("0123456789ab", List.of(), List.of()));
        meters.policyApplied(policy("ba9876543210", List.of(), List.of()));
        meters.policyRejected();

        assertThat(scrape().of("postern_policy_info"))
                .containsExactly(Map.entry("postern_policy_info{version=\"ba9876543210\"}", 1.0));
        assertThat(sample("postern_policy_reloads_total{result=\"applied\"}")).isEqualTo(2);
        assertThat(sample("postern_policy_reloads_total{result=\"rejected\"}")).isEqualTo(1);
    }

    @Test
    void theContractsNamesAreThereBeforeTheFirstFlow() {
        meters.policyApplied(Policy.EMPTY);

        assertThat(scrape().names())
                .contains(
                        "postern_flows_total",
                        "postern_flows_active",
                        "postern_flow_bytes_total",
                        "postern_app_flows_total",
                        "postern_attribution_total",
                        "postern_recognition_total",
                        "postern_nonstandard_port_total",
                        "postern_flow_setup_seconds_bucket",
                        "postern_flow_setup_seconds_count",
                        "postern_flow_setup_seconds_sum",
                        "postern_verdict_seconds_bucket",
                        "postern_would_block_total",
                        "postern_policy_reloads_total",
                        "postern_policy_info",
                        "postern_event_loop_lag_seconds_bucket",
                        "jvm_memory_used_bytes",
                        "jvm_gc_memory_allocated_bytes_total",
                        "netty_allocator_memory_used",
                        "process_files_open_files");
    }

    @ParameterizedTest
    @EnumSource
    void everyLineOfTheTextParses(ScrapeFormat format) {
        meters.policyApplied(policy("v1", names("a.", 300), names("rule \"with\\ \n odd bytes ", 3)));
        meters.flows().setup(1);

        Scrape scrape = new Scrape(meters.scrape(format));

        assertThat(scrape.names()).contains("postern_flows_total", "postern_would_block_total");
        assertThat(scrape.ended()).isEqualTo(format == ScrapeFormat.OPENMETRICS);
    }

    @Test
    void theWholeTextStaysSmall() {
        meters.policyApplied(policy("v1", names("a.", 1_000), names("r", 1_000)));

        assertThat(meters.scrape(ScrapeFormat.PROMETHEUS).length()).isLessThan(256 * 1024);
    }

    private void closed(String app) {
        meters.flows().opened(Ingress.HTTP_CONNECT);
        meters.flows().closed(Ingress.HTTP_CONNECT, Protocol.TLS, app, Action.ALLOW);
    }

    /** Flows allowed, by app. */
    private Map<String, Double> apps() {
        return scrape().of("postern_app_flows_total").entrySet().stream()
                .filter(series -> series.getKey().contains("verdict=\"allow\""))
                .collect(Collectors.toMap(
                        series -> series.getKey().replaceAll(".*app=\"([^\"]*)\".*", "$1"), Map.Entry::getValue));
    }

    /** Nobody but the registry holds the suppliers that are counted by. */
    @Test
    void whatOthersCountIsReadAfterACollectionToo() {
        AtomicLong count = new AtomicLong();
        WeakReference<Object> canary = countedBy(count);

        await().until(() -> {
            System.gc();
            return canary.refersTo(null);
        });

        count.set(7);
        assertThat(sample("postern_dns_hedged_total")).isEqualTo(7);
        assertThat(sample("postern_analytic_keys{table=\"t\"}")).isEqualTo(7);
        assertThat(sample("postern_analytic_saturated_total{table=\"t\"}")).isEqualTo(7);
        assertThat(sample("postern_context_lag_seconds{source=\"s\"}")).isEqualTo(7);
        assertThat(sample("postern_context_evicted_total{source=\"s\",table=\"t\"}"))
                .isEqualTo(7);
    }

    private WeakReference<Object> countedBy(AtomicLong count) {
        meters.dnsHedged(count::get);
        meters.table("t", count::get, count::get);
        meters.context().lag("s", count::get);
        meters.context().evicted("s", "t", count::get);
        return new WeakReference<>(new Object());
    }

    private double sample(String series) {
        return scrape().value(series);
    }

    private Scrape scrape() {
        return new Scrape(meters.scrape(ScrapeFormat.PROMETHEUS));
    }

    private static Policy policy(String version, List<String> apps, List<String> rules) {
        When always = When.ANY;
        Policy.App app = new Policy.App(
                Optional.empty(), Optional.empty(), true, Optional.empty(), Optional.empty(), Optional.empty());
        return new Policy(
                version,
                Map.of(),
                Map.of(),
                apps.stream().collect(Collectors.toMap(name -> name, name -> app)),
                rules.stream()
                        .map(name -> new Rule(name, always, new Effect(Action.BLOCK, Mode.SHADOW)))
                        .toList(),
                List.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of());
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(index -> "%s%03d".formatted(prefix, index))
                .toList();
    }
}
