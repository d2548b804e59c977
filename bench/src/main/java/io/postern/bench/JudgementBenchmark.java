package io.postern.bench;

import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.config.document.Reading;
import io.postern.config.policy.Policy;
import io.postern.config.policy.PolicyReader;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Question;
import io.postern.gateway.rules.Rules;
import io.postern.wire.ip.EgressRanges;
import io.postern.wire.ip.OwnAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Judging by written policy, with a policy that is read as the gateway reads it: rules on service class, destination,
 * port and protocol in turn, an inventory, and roles. No rule blocks the flow, so all of them are asked. Aim: one
 * judgement of an ordinary policy within 3 µs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JudgementBenchmark {

    @Param({"10", "1000"})
    public int rules;

    private Judges judges = judging(Policy.EMPTY);
    private Question asked = question(Optional.empty(), Optional.empty(), Optional.empty(), Basis.END);
    private Question dialled = asked;
    private Question recognised = asked;
    private InetAddress address = InetAddress.getLoopbackAddress();

    @Setup
    public void read() throws IOException {
        Path file = Files.createTempFile("policy", ".yaml");
        try {
            Files.writeString(file, policy());
            Reading<Policy> reading = PolicyReader.read(List.of(file.toString()), Path.of("/"));
            judges = judging(reading.value().orElseThrow(() -> new IllegalStateException(reading.toString())));
        } finally {
            Files.delete(file);
        }
        address = Samples.address();
        dialled = question(Optional.empty(), Optional.of(address), Optional.empty(), Basis.END);
        recognised = question(Optional.of(Samples.HOST), Optional.of(address), Optional.of(Protocol.TLS), Basis.BYTES);
    }

    /** One judgement with everything known, as after sniffing. */
    @Benchmark
    public Decision judge() {
        return judges.judge(recognised);
    }

    /** All that one flow to one address is judged: as asked, its network, its address, what it speaks. */
    @Benchmark
    public int judgeWholeFlow() {
        return judges.asAsked(asked).matches().size()
                + judges.network(address, 443).hashCode()
                + judges.judge(dialled).matches().size()
                + judges.judge(recognised).matches().size();
    }

    private static Judges judging(Policy policy) {
        return new Judges(
                new EgressRanges(List.of(), List.of(), OwnAddresses.NONE), new Rules(policy), Clock.systemUTC());
    }

    private static Question question(
            Optional<String> claimed, Optional<InetAddress> address, Optional<Protocol> protocol, Basis basis) {
        return new Question(Samples.TAG, Optional.of(Samples.HOST), claimed, address, 443, protocol, basis);
    }

    private String policy() {
        StringBuilder text = new StringBuilder("categories: {field: {}, mail: {}}\n");
        text.append("roles: {web: {destinations: ['*.example.com'], ports: {tls: [443]}, outside: {action: alert}}}\n");
        text.append("apps: {com.acme.field: {category: field, role: web, approved: true}}\n");
        text.append("rules:\n");
        for (int i = 0; i < rules; i++) {
            String when =
                    switch (i % 5) {
                        case 0 -> "category: mail, service-class: cloud-storage";
                        case 1 -> "destination: ['*.bad" + i + ".example', 'worse" + i + ".example']";
                        case 2 -> "port: [" + (1000 + i) + ", '" + (20000 + i) + "-" + (20001 + i) + "']";
                        case 3 -> "category: field, protocol: http";
                        default -> "destination: ['198.51.100." + i % 256 + "/32'], protocol: tls";
                    };
            text.append("  - {name: rule-").append(i).append(", when: {").append(when);
            text.append("}, action: block, mode: enforce}\n");
        }
        return text.toString();
    }
}
