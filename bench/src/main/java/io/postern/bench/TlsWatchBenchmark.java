package io.postern.bench;

import io.postern.tls.fingerprint.Ja4;
import io.postern.tls.hello.ClientHello;
import io.postern.tls.hello.TlsSettings;
import io.postern.tls.stream.TlsWatch;
import io.postern.tls.watch.Budget;
import io.postern.tls.watch.HandshakeListener;
import io.postern.tls.watch.Side;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Watching a new TLS stream up to its ClientHello with JA4: in one piece, and cut where a segment ends. Aim: 2 µs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TlsWatchBenchmark implements HandshakeListener {

    @Param({"curl", "chromium-like"})
    public String hello = "";

    private final Ja4 ja4 = new Ja4();
    private ByteBuffer bytes = ByteBuffer.allocateDirect(0);
    private ByteBuffer first = ByteBuffer.allocateDirect(0);
    private ByteBuffer second = ByteBuffer.allocateDirect(0);
    private int facts;

    @Setup
    public void read() throws IOException {
        bytes = Samples.hello(hello);
        int cut = bytes.remaining() * 3 / 4;
        first = bytes.slice(0, cut);
        second = bytes.slice(cut, bytes.remaining() - cut);
    }

    @Benchmark
    public int whole() {
        TlsWatch watch = watch();
        watch.feed(Side.CLIENT, bytes);
        return facts;
    }

    @Benchmark
    public int inTwoPieces() {
        TlsWatch watch = watch();
        watch.feed(Side.CLIENT, first);
        watch.feed(Side.CLIENT, second);
        return facts;
    }

    @Override
    public void clientHello(ClientHello heard) {
        facts = ja4.of(heard, Ja4.Transport.TCP).length();
    }

    private TlsWatch watch() {
        facts = 0;
        return new TlsWatch(TlsSettings.DEFAULTS, Budget.UNLIMITED, this, TlsWatch.Start.BEGINNING);
    }
}
