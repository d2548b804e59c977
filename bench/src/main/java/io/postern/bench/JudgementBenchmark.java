package io.postern.bench;

import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.config.policy.Policy;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Question;
import io.postern.gateway.rules.Rules;
import io.postern.wire.ip.EgressRanges;
import io.postern.wire.ip.OwnAddresses;
import java.io.IOException;
import java.net.InetAddress;
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
 * Judging by written policy, read as the gateway reads it. No rule blocks the flow, so everything that could hold is
 * asked. Aims: an ordinary policy within 3 µs; 10,000 rules and 100,000 exceptions within 1.5 times ten rules.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JudgementBenchmark {

    @Param({"10", "1000", "10000"})
    public int rules;

    @Param({"0", "100000"})
    public int exceptions;

    private Judges judges = judging(Policy.EMPTY);
    private Question asked = question(Optional.empty(), Optional.empty(), Optional.empty(), Basis.END);
    private Question dialled = asked;
    private Question recognised = asked;
    private InetAddress address = InetAddress.getLoopbackAddress();

    @Setup
    public void read() throws IOException {
        try (PolicyFolder folder = new PolicyFolder(rules, exceptions)) {
            judges = judging(folder.read(Runnable::run));
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
}
