package io.postern.gateway.meters;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.postern.analytics.Verdict;
import io.postern.analytics.finding.Technique;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Protocol;
import io.postern.config.ListenSettings.Ingress;
import io.postern.config.policy.Policy;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** What is counted of flows, on their event loops and at the price that {@link Meters} tells. */
public final class FlowMeters {
    /** Apps of the inventory with a label of their own; the rest is {@code other}. */
    public static final int APPS = 200;

    /** Rules of the policy with a label of their own; the rest is {@code other}. */
    public static final int RULES = 500;

    private final MeterRegistry registry;
    private final ByConstant<Ingress, LongAdder> active;
    private final CounterGrid flows;
    private final CounterGrid bytes;
    private final NamedCounters appFlows;
    private final NamedCounters wouldBlock;
    private final CounterGrid attribution;
    private final CounterGrid recognition;
    private final CounterGrid nonstandardPort;
    private final Timer setup;
    private final ByConstant<VerdictStage, Timer> verdicts;

    FlowMeters(MeterRegistry registry) {
        this.registry = registry;
        active = new ByConstant<>(Ingress.class, this::activeFlows);
        flows = grid(
                "postern.flows",
                "Flows that ended, by listener type, protocol and last verdict",
                new Axis<>("ingress", Ingress.class, Ingress::label),
                new Axis<>("protocol", Protocol.class, Protocol::label),
                Axis.lowerCase("verdict", Verdict.Action.class));
        bytes = grid(
                "postern.flow.bytes", "Bytes relayed; out is device to world", Axis.lowerCase("direction", Way.class));
        appFlows = new NamedCounters(
                registry,
                "postern.app.flows",
                "Flows that ended, by app of the inventory",
                "app",
                List.of(Axis.lowerCase("verdict", Verdict.Action.class)),
                APPS,
                List.of(AppTag.NOBODY));
        wouldBlock = new NamedCounters(
                registry,
                "postern.would.block",
                "Flows and questions a rule would have blocked were it enforced",
                "rule",
                List.of(),
                RULES,
                Stream.of(Technique.values()).map(Enum::name).toList());
        attribution = grid(
                "postern.attribution",
                "Flows, by how well device and app are known",
                new Axis<>("device_assurance", DeviceAssurance.class, DeviceAssurance::label),
                new Axis<>("app_assurance", AppAssurance.class, AppAssurance::label));
        recognition = grid(
                "postern.recognition",
                "Flows, by what they speak and how that is known; one that turns into another protocol is counted again",
                new Axis<>("protocol", Protocol.class, Protocol::label),
                new Axis<>("basis", Basis.class, Basis::label));
        nonstandardPort = grid(
                "postern.nonstandard.port",
                "Flows recognised on a port their protocol is not assigned to",
                new Axis<>("protocol", Protocol.class, Protocol::label));
        setup = Buckets.FLOW_SETUP.register(
                registry, "postern.flow.setup", "From the whole request to the upstream reached", Tags.empty());
        verdicts = new ByConstant<>(
                VerdictStage.class,
                stage -> Buckets.VERDICT.register(
                        registry,
                        "postern.verdict",
                        "Time one judgement took",
                        Tags.of(Axis.lowerCase("stage", VerdictStage.class).tag(stage))));
    }

    private enum Way {
        OUT,
        IN
    }

    /** A flow began; {@link #closed} follows once. */
    public void opened(Ingress ingress) {
        active.of(ingress).increment();
    }

    /**
     * A flow ended.
     *
     * @param app package name of its tag; counted by name only when the policy's inventory holds it
     */
    public void closed(Ingress ingress, Protocol protocol, String app, Verdict.Action verdict) {
        active.of(ingress).decrement();
        flows.increment(ingress, protocol, verdict);
        appFlows.increment(app, verdict);
    }

    /** Bytes went from the device to the world. */
    public void bytesOut(long count) {
        bytes.add(Way.OUT, count);
    }

    /** Bytes went from the world to the device. */
    public void bytesIn(long count) {
        bytes.add(Way.IN, count);
    }

    public void attributed(DeviceAssurance device, AppAssurance app) {
        attribution.increment(device, app);
    }

    public void recognised(Protocol protocol, Basis basis) {
        recognition.increment(protocol, basis);
    }

    public void nonstandardPort(Protocol protocol) {
        nonstandardPort.add(protocol, 1);
    }

    /** How long a flow took from its whole request, its tag verified, until its upstream was reached. */
    public void setup(long nanos) {
        setup.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** How long one judgement took. */
    public void judged(VerdictStage stage, long nanos) {
        verdicts.of(stage).record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A rule in shadow or alert mode would have blocked; names no policy holds are counted as {@code other}. */
    public void wouldBlock(String rule) {
        wouldBlock.increment(rule);
    }

    /** From now on its apps and rules are the labels, and no count is lost. */
    void label(Policy policy) {
        appFlows.rename(policy.apps().keySet());
        wouldBlock.rename(Stream.concat(
                        policy.rules().stream().map(Policy.Rule::name),
                        policy.roles().keySet().stream().map(Policy::ruleOf))
                .toList());
    }

    private CounterGrid grid(String name, String help, Axis<?>... axes) {
        return new CounterGrid(registry, name, help, Tags.empty(), axes);
    }

    private LongAdder activeFlows(Ingress ingress) {
        LongAdder count = new LongAdder();
        Gauge.builder("postern.flows.active", count, LongAdder::sum)
                .description("Flows alive, by listener type")
                .tag("ingress", ingress.label())
                .register(registry);
        return count;
    }
}
