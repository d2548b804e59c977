package io.postern.bench;

import io.postern.analytics.flow.InClear.Payload;
import io.postern.analytics.instrument.ByteSample;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** How random is a message in clear? One in a direct buffer, from its begin to its end. Aim: 3 ns a byte, one object. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ByteSampleBenchmark {

    @Param({"256", "4096"})
    public int size;

    private final ByteSample sample = new ByteSample();
    private ByteBuffer bytes = ByteBuffer.allocateDirect(0);

    @Setup
    public void write() {
        byte[] random = new byte[size];
        new Random(1).nextBytes(random);
        bytes = ByteBuffer.allocateDirect(size).put(random).flip();
    }

    @Benchmark
    public Payload message() {
        sample.begin(false);
        sample.add(bytes, 0, size);
        return sample.take();
    }
}
