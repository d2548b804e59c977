package io.postern.bench;

import io.postern.analytics.Verdict;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.config.ListenSettings.Ingress;
import io.postern.config.policy.Policy;
import io.postern.gateway.admin.FlowFeed;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.Exchanges;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.records.FlowRecordBuilder;
import io.postern.gateway.records.OcsfFlow;
import io.postern.gateway.records.Origin;
import io.postern.gateway.records.Spoken;
import io.postern.gateway.records.TlsFacts;
import io.postern.gateway.records.Transport;
import io.postern.tls.hello.ServerName;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One short TLS flow's record as a line of OCSF, into memory: what the records thread does for each flow. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordBenchmark {

    private final OcsfFlow ocsf = new OcsfFlow("0.1.0");
    private final FlowFeed feed = new FlowFeed(4096, 0);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(4096);
    private FlowRecord flow = builder(new InetSocketAddress(0)).living(Instant.EPOCH);

    private static FlowRecordBuilder builder(InetSocketAddress client) {
        return FlowRecord.builder(
                "01JCX3N5RZ8T4Q6W7Y9A0B1C2D",
                Origin.listener(Ingress.HTTP_CONNECT, "apps"),
                Transport.TCP,
                client,
                Instant.parse("2026-11-21T08:00:00Z"));
    }

    @Setup
    public void fill() throws UnknownHostException {
        flow = builder(new InetSocketAddress(Samples.address(), 40123))
                .tag(Samples.TAG)
                .destination(Optional.of(Samples.HOST), 443)
                .dialled(Samples.address())
                .setup(Duration.ofMillis(12))
                .recognised(Protocol.TLS, Basis.BYTES)
                .spoken(Spoken.of(TlsFacts.of(new TlsFacts.Hello(
                        Optional.of(new ServerName(Samples.HOST, ServerName.Form.NAME)),
                        "1.3",
                        List.of("h2", "http/1.1"),
                        Optional.of("0149f47eabf9a20d0893e2a44e5a6323"),
                        Optional.of("t13d3112h2_e8f1e7e78f70_b26ce05bbdd6"),
                        false,
                        false,
                        false))))
                .traffic(517, 2048, Exchanges.of(new long[] {12, 517, 2048}, 1))
                .judged(
                        new Verdict(Verdict.Action.ALERT, "odd-hours"),
                        List.of(new FlowRecord.MatchedRule(
                                "odd-hours", Verdict.Action.ALERT, Policy.Mode.ALERT, Verdict.Action.ALERT)),
                        "e4ca75817391")
                .serviceClasses(List.of("collaboration"))
                .ended(CloseReason.UPSTREAM_CLOSED, Instant.parse("2026-11-21T08:00:01Z"));
    }

    /** What the admin API's memory of flows costs their event loops when nobody asks. */
    @Benchmark
    public void feedAnEnd() {
        feed.closed(flow);
    }

    @Benchmark
    public int ocsfLine() {
        line.reset();
        ocsf.write(flow, line);
        return line.size();
    }
}
