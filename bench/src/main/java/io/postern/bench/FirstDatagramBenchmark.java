package io.postern.bench;

import io.postern.analytics.flow.Basis;
import io.postern.gateway.flows.Learner;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.recognise.DatagramSniffers;
import io.postern.gateway.recognise.SessionHearing;
import io.postern.tls.watch.Side;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
 * What is this session? Its first datagram in a direct buffer, shown to everybody who recognises. Aim: 1 µs for a hit, 15 µs
 * for an Initial of QUIC with all facts of its hello.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FirstDatagramBenchmark implements Learner {

    private static final int PORT = 8_443;
    private static final Recognised NOTHING_YET = Recognised.unknown(Basis.END);

    @Param({"dns", "stun", "quic", "nobody"})
    public String datagram = "";

    private final DatagramSniffers sniffers = new DatagramSniffers(new MemoryBudget(1 << 20, () -> {}), Runnable::run);
    private ByteBuffer bytes = ByteBuffer.allocateDirect(0);
    private Recognised recognised = NOTHING_YET;

    @Setup
    public void write() throws IOException {
        bytes = switch (datagram) {
            case "dns" -> Samples.dnsQuery();
            case "stun" ->
                ByteBuffer.allocateDirect(20)
                        .putInt(0x0001_0000)
                        .putInt(0x2112_A442)
                        .putLong(7)
                        .putInt(7)
                        .flip();
            case "quic" -> Samples.hello("quic-example");
            case "nobody" ->
                ByteBuffer.allocateDirect(64)
                        .put("~ nobody opens like this ~".getBytes(StandardCharsets.US_ASCII))
                        .flip();
            default -> throw new IllegalArgumentException(datagram);
        };
    }

    @Benchmark
    public Recognised hear() {
        recognised = NOTHING_YET;
        SessionHearing hearing = sniffers.hear(this, PORT, 0);
        hearing.datagram(Side.CLIENT, bytes.duplicate());
        hearing.close();
        return recognised;
    }

    @Override
    public Recognised recognised() {
        return recognised;
    }

    @Override
    public void learnt(Recognised more) {
        recognised = more;
    }

    @Override
    public void later(Runnable what) {
        what.run();
    }
}
