package io.postern.bench;

import io.postern.tls.fingerprint.Ja3;
import io.postern.tls.fingerprint.Ja4;
import io.postern.tls.hello.ClientHello;
import io.postern.tls.hello.ClientHelloParser;
import io.postern.tls.hello.TlsSettings;
import io.postern.wire.Parse;
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

/**
 * Recognising TLS: a whole ClientHello in one direct buffer, as the network delivers it, parsed, and fingerprinted.
 * Aim: parsing and JA4 together within 2 µs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HelloBenchmark {

    /** 517 bytes, and 1.8 KB with a post-quantum key share. */
    @Param({"curl", "chromium-like"})
    public String hello = "";

    private final ClientHelloParser parser = new ClientHelloParser(TlsSettings.DEFAULTS);
    private final Ja3 ja3 = new Ja3();
    private final Ja4 ja4 = new Ja4();
    private ByteBuffer bytes = ByteBuffer.allocateDirect(0);

    @Setup
    public void read() throws IOException {
        bytes = Samples.hello(hello);
    }

    @Benchmark
    public ClientHello parse() {
        return ((Parse.Done<ClientHello>) parser.parse(bytes)).value();
    }

    @Benchmark
    public String parseAndJa4() {
        return ja4.of(parse(), Ja4.Transport.TCP);
    }

    /** Both fingerprints, as every record has them. */
    @Benchmark
    public int parseAndJa3AndJa4() {
        ClientHello parsed = parse();
        return ja3.hash(parsed).length() + ja4.of(parsed, Ja4.Transport.TCP).length();
    }
}
