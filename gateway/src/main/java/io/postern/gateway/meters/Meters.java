package io.postern.gateway.meters;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.postern.analytics.Verdict;
import io.postern.config.ListenSettings.Ingress;
import io.postern.config.policy.Policy;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Every metric of the gateway, by its name and with its labels; all are there, at zero, before the first flow.
 *
 * <p>What is counted for a flow costs well under a microsecond altogether, allocates nothing and takes no lock, so it
 * may be called on event loops; any thread may. No label holds a device, a host or anything else a peer chose.
 */
public final class Meters implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Platform platform = new Platform(registry);
    private final FlowMeters flows = new FlowMeters(registry);
    private final ContextMeters context = new ContextMeters(registry);

    private final CounterGrid policyReloads =
            grid("postern.policy.reloads", "Policies read", Axis.lowerCase("result", Reload.class));

    private final CounterGrid identityReloads = grid(
            "postern.identity.reloads",
            "Keys of tokens and revocations read again",
            Axis.lowerCase("result", Reload.class));

    private final CounterGrid tokensReloads =
            grid("postern.admin.tokens.reloads", "Tokens files read again", Axis.lowerCase("result", Reload.class));

    private final Timer loopLag = Buckets.LOOP_LAG.register(
            registry, "postern.event.loop.lag", "How late an event loop ran what was due, once a second", Tags.empty());
    private final PolicyInfo policyInfo = new PolicyInfo(registry);
    private final LongAdder storeErrors = count("postern.store.errors", "Times the embedded store failed");

    /** What is counted of flows. */
    public FlowMeters flows() {
        return flows;
    }

    /** What is counted of what others tell. */
    public ContextMeters context() {
        return context;
    }

    /** This policy is in force now: its apps and rules are the labels, and no count is lost. */
    public void policyApplied(Policy policy) {
        flows.label(policy);
        policyInfo.inForce(policy.version());
        policyReloads.add(Reload.APPLIED, 1);
    }

    /** A policy was read and refused; the last good one stays. */
    public void policyRejected() {
        policyReloads.add(Reload.REJECTED, 1);
    }

    /** Keys of tokens and the list of the revoked were read again. */
    public void identityReloaded(boolean applied) {
        identityReloads.add(applied ? Reload.APPLIED : Reload.REJECTED, 1);
    }

    /** The tokens of the admin API were read again. */
    public void tokensReloaded(boolean applied) {
        tokensReloads.add(applied ? Reload.APPLIED : Reload.REJECTED, 1);
    }

    /** {@code postern_store_errors_total}, of whoever writes to the store. */
    public LongAdder storeErrors() {
        return storeErrors;
    }

    /** For {@link LoopPulse}: how late a loop ran its beat. */
    Timer loopLag() {
        return loopLag;
    }

    /** {@code postern_tags_rejected_total}. Call each of these once, at start. */
    public <E extends Enum<E>> Counters<E> tagsRejected(Class<E> reasons, Function<? super E, String> label) {
        return counters("postern.tags.rejected", "Tags refused", reasons, label, Tags.empty());
    }

    /** {@code postern_upstream_failures_total}. */
    public <E extends Enum<E>> Counters<E> upstreamFailures(Class<E> reasons, Function<? super E, String> label) {
        return counters("postern.upstream.failures", "Upstreams not reached", reasons, label, Tags.empty());
    }

    /** {@code postern_datagrams_dropped_total}. */
    public <E extends Enum<E>> Counters<E> datagramsDropped(Class<E> reasons, Function<? super E, String> label) {
        return counters("postern.datagrams.dropped", "Datagrams that went no further", reasons, label, Tags.empty());
    }

    /** Counts questions that were answered, see {@link #dnsQueries}. */
    public interface DnsQueries<T extends Enum<T>, R extends Enum<R>> {
        void count(T transport, R rcode, Verdict.Action verdict);
    }

    /** {@code postern_dns_queries_total}. */
    public <T extends Enum<T>, R extends Enum<R>> DnsQueries<T, R> dnsQueries(
            Class<T> transports,
            Function<? super T, String> transport,
            Class<R> rcodes,
            Function<? super R, String> rcode) {
        CounterGrid counts = grid(
                "postern.dns.queries",
                "Questions of devices that were answered",
                new Axis<>("transport", transports, transport),
                new Axis<>("rcode", rcodes, rcode),
                Axis.lowerCase("verdict", Verdict.Action.class));
        return counts::increment;
    }

    /** {@code postern_dns_dropped_total}. */
    public <E extends Enum<E>> Counters<E> dnsDropped(Class<E> reasons, Function<? super E, String> label) {
        return counters("postern.dns.dropped", "Questions that got no answer", reasons, label, Tags.empty());
    }

    /** {@code postern_dns_taken_total}. */
    public <E extends Enum<E>> Counters<E> dnsTaken(Class<E> transports, Function<? super E, String> label) {
        return new Counters<>(grid(
                "postern.dns.taken",
                "Questions by datagram to other servers that came to this one instead, and connections of them",
                new Axis<>("transport", transports, label)));
    }

    /** {@code postern_dns_validated_total}. */
    public <E extends Enum<E>> Counters<E> dnsValidated(Class<E> results, Function<? super E, String> label) {
        return new Counters<>(grid(
                "postern.dns.validated",
                "Answers by what checking their signatures came to",
                new Axis<>("result", results, label)));
    }

    /** {@code postern_flow_ends_total}. */
    public <E extends Enum<E>> Counters<E> flowEnds(Class<E> reasons, Function<? super E, String> label) {
        return counters("postern.flow.ends", "Flows that ended, by why", reasons, label, Tags.empty());
    }

    /** {@code postern_egress_refused_total}. */
    public <E extends Enum<E>> Counters<E> egressRefused(Class<E> reasons, Function<? super E, String> label) {
        return counters("postern.egress.refused", "Destinations no flow may reach", reasons, label, Tags.empty());
    }

    /** {@code postern_client_errors_total} of one listener type. */
    public <E extends Enum<E>> Counters<E> clientErrors(
            Ingress ingress, Class<E> reasons, Function<? super E, String> label) {
        Tags fixed = Tags.of("ingress", ingress.label());
        return counters("postern.client.errors", "Clients that broke the listener's rules", reasons, label, fixed);
    }

    /** {@code postern_websocket_faults_total}. */
    public <E extends Enum<E>> Counters<E> websocketFaults(Class<E> reasons, Function<? super E, String> label) {
        return counters("postern.websocket.faults", "Frames that break a rule", reasons, label, Tags.empty());
    }

    /** {@code postern_records_dropped_total} of one kind of record, for example {@code flow}. */
    public <E extends Enum<E>> Counters<E> recordsDropped(
            String record, Class<E> reasons, Function<? super E, String> label) {
        Tags fixed = Tags.of("record", record);
        return counters("postern.records.dropped", "Records lost before they were stored", reasons, label, fixed);
    }

    /** {@code postern_admin_access_total}. */
    public <E extends Enum<E>> Counters<E> adminAccess(Class<E> outcomes, Function<? super E, String> label) {
        return new Counters<>(grid(
                "postern.admin.access",
                "Requests to the admin API, by how their sender was recognised",
                new Axis<>("outcome", outcomes, label)));
    }

    /** {@code postern_radius_total}, by what became of packets and sessions. */
    public <E extends Enum<E>> Counters<E> radius(Class<E> results, Function<? super E, String> label) {
        return new Counters<>(
                grid("postern.radius", "RADIUS accounting packets and sessions", new Axis<>("result", results, label)));
    }

    /** {@code postern_audit_entries_total}. */
    public <E extends Enum<E>> Counters<E> auditEntries(Class<E> results, Function<? super E, String> label) {
        return new Counters<>(grid(
                "postern.audit.entries",
                "Entries of the audit log, by whether they could be written",
                new Axis<>("result", results, label)));
    }

    /** {@code postern_quarantines_total}, by what became of words that somebody be contained. */
    public <E extends Enum<E>> Counters<E> quarantines(Class<E> results, Function<? super E, String> label) {
        return new Counters<>(grid(
                "postern.quarantines",
                "Words that somebody be contained or released, by what became of them",
                new Axis<>("result", results, label)));
    }

    /** {@code postern_webhook_letters_total}. */
    public <E extends Enum<E>> Counters<E> webhook(Class<E> results, Function<? super E, String> label) {
        return new Counters<>(grid(
                "postern.webhook.letters",
                "Tries to tell the webhook, and letters set aside",
                new Axis<>("result", results, label)));
    }

    /** {@code postern_overload_total}. */
    public <E extends Enum<E>> Counters<E> overload(Class<E> actions, Function<? super E, String> label) {
        return new Counters<>(
                grid("postern.overload", "What was given up to stay up", new Axis<>("action", actions, label)));
    }

    /** All of it as text. Takes milliseconds, so never on a flow's event loop. */
    public String scrape(ScrapeFormat format) {
        return registry.scrape(format.contentType());
    }

    /** A value that somebody keeps and a scrape reads: a gauge without labels. */
    public void watch(String name, String help, Supplier<Number> value) {
        Gauge.builder(name, value).description(help).register(registry);
    }

    /**
     * {@code postern_certificate_expiry_seconds} of one listener.
     *
     * @param listener its name; the admin and the context listener have none and are called by their settings' path
     * @param left until the certificate expires
     */
    public void certificate(String listener, Supplier<Number> left) {
        Gauge.builder("postern.certificate.expiry.seconds", left)
                .description("Until the certificate of a listener expires, or the first of its chain")
                .tag("listener", listener)
                .register(registry);
    }

    /** As {@link #watch}, with one value for each constant of an enum. */
    public <E extends Enum<E>> void watchEach(
            String name,
            String help,
            String label,
            Class<E> constants,
            Function<? super E, String> value,
            ToLongFunction<? super E> count) {
        Axis<E> axis = new Axis<>(label, constants, value);
        for (E constant : constants.getEnumConstants()) {
            Gauge.builder(name, () -> count.applyAsLong(constant))
                    .description(help)
                    .tags(Tags.of(axis.tag(constant)))
                    .register(registry);
        }
    }

    /** {@code postern_analytic_keys} and {@code postern_analytic_saturated_total} of one bounded table. */
    public void table(String table, Supplier<Number> keys, Supplier<Number> evicted) {
        Gauge.builder("postern.analytic.keys", keys)
                .description("Keys a table of detection holds")
                .tag("table", table)
                .register(registry);
        HeldCounter.register(
                registry,
                "postern.analytic.saturated",
                "Keys a table of detection forgot for want of room",
                Tags.of("table", table),
                evicted);
    }

    /** {@code postern_dns_hedged_total}: questions that were asked of a second server because the first was late. */
    public void dnsHedged(Supplier<Number> hedged) {
        HeldCounter.register(
                registry,
                "postern.dns.hedged",
                "Questions asked of a second server because the first was late",
                Tags.empty(),
                hedged);
    }

    /** {@code postern_tag_conflicts_total}, by what told the clients apart. */
    public <E extends Enum<E>> Counters<E> tagConflicts(Class<E> traits, Function<? super E, String> label) {
        return new Counters<>(grid(
                "postern.tag.conflicts",
                "Flows whose credential two clients use at once",
                new Axis<>("trait", traits, label)));
    }

    /** {@code postern_exceptions_total}: flows for which a row of the exceptions held. */
    public <C extends Enum<C>, O extends Enum<O>> BiConsumer<C, O> exceptions(
            Class<C> conditions,
            Function<? super C, String> condition,
            Class<O> outcomes,
            Function<? super O, String> outcome) {
        CounterGrid counts = grid(
                "postern.exceptions",
                "Flows that could not be looked into or judged as they should, by why and what became of them",
                new Axis<>("condition", conditions, condition),
                new Axis<>("outcome", outcomes, outcome));
        return counts::increment;
    }

    /** Counts findings, see {@link #findings}. */
    public interface Findings<A extends Enum<A>, S extends Enum<S>, C extends Enum<C>> {
        void count(A analytic, S severity, C action);
    }

    /** {@code postern_finding_changes_total}, by what the book did. */
    public <E extends Enum<E>> Counters<E> findingChanges(Class<E> changes, Function<? super E, String> label) {
        return new Counters<>(
                grid("postern.finding.changes", "What was told of findings", new Axis<>("change", changes, label)));
    }

    /** {@code postern_findings_total}, by what was done about findings. */
    public <A extends Enum<A>, S extends Enum<S>, C extends Enum<C>> Findings<A, S, C> findings(
            Class<A> analytics,
            Function<? super A, String> analytic,
            Class<S> severities,
            Function<? super S, String> severity,
            Class<C> actions,
            Function<? super C, String> action) {
        CounterGrid counts = grid(
                "postern.findings",
                "Findings, once for each thing that is done about them",
                new Axis<>("analytic", analytics, analytic),
                new Axis<>("severity", severities, severity),
                new Axis<>("action", actions, action));
        return counts::increment;
    }

    /** {@code postern_false_positive_budget_ratio} of one rule. */
    public void falsePositiveBudget(String rule, Supplier<Number> ratio) {
        Gauge.builder("postern.false.positive.budget.ratio", ratio)
                .description("Share of the answered findings of a rule that were false positives")
                .tag("rule", rule)
                .register(registry);
    }

    /** {@code postern_false_positive_budget_spent} of one rule. */
    public void falsePositiveBudgetSpent(String rule, Supplier<Number> share) {
        Gauge.builder("postern.false.positive.budget.spent", share)
                .description("Share of the false positives a rule may have that it has had; beyond 1 it only alerts")
                .tag("rule", rule)
                .register(registry);
    }

    /** A count without labels that only grows. */
    public LongAdder count(String name, String help) {
        LongAdder count = new LongAdder();
        HeldCounter.register(registry, name, help, Tags.empty(), count::sum);
        return count;
    }

    /** For meters that others bind, such as those of caches. */
    public MeterRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        platform.close();
        registry.close();
    }

    private CounterGrid grid(String name, String help, Axis<?>... axes) {
        return new CounterGrid(registry, name, help, Tags.empty(), axes);
    }

    private <E extends Enum<E>> Counters<E> counters(
            String name, String help, Class<E> reasons, Function<? super E, String> label, Tags fixed) {
        return new Counters<>(new CounterGrid(registry, name, help, fixed, new Axis<>("reason", reasons, label)));
    }
}
