package io.postern.bench;

import io.postern.tls.fingerprint.Ja3;
import io.postern.tls.fingerprint.Ja4;
import io.postern.tls.hello.ClientHello;
import io.postern.tls.quic.InitialCipher;
import io.postern.tls.quic.QuicListener;
import io.postern.tls.quic.QuicSettings;
import io.postern.tls.quic.QuicWatch;
import io.postern.tls.watch.Budget;
import io.postern.tls.watch.Side;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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
 * Recognising QUIC: a new session's first datagrams in direct buffers, keys derived, opened, put together, fingerprinted
 * by JA3 and JA4. Aim: 15 µs for one Initial.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class QuicBenchmark implements QuicListener {

    /** The example of RFC 9001 in one datagram, a hello with a post-quantum key share in two. */
    @Param({"example", "post-quantum"})
    public String hello = "";

    private final InitialCipher cipher = new InitialCipher();
    private final Ja3 ja3 = new Ja3();
    private final Ja4 ja4 = new Ja4();
    private final List<ByteBuffer> bytes = new ArrayList<>();
    private int facts;

    @Setup
    public void read() throws IOException {
        if (hello.equals("example")) {
            bytes.add(Samples.hello("quic-example"));
        } else {
            bytes.add(Samples.hello("quic-post-quantum-1"));
            bytes.add(Samples.hello("quic-post-quantum-2"));
        }
    }

    @Benchmark
    public int initialToFacts() {
        facts = 0;
        QuicWatch watch = new QuicWatch(QuicSettings.DEFAULTS, Budget.UNLIMITED, cipher, this);
        for (ByteBuffer datagram : bytes) {
            watch.feed(Side.CLIENT, datagram);
        }
        watch.close();
        if (facts == 0) {
            throw new IllegalStateException("no hello was heard");
        }
        return facts;
    }

    @Override
    public void clientHello(ClientHello hello) {
        facts = ja3.hash(hello).length() + ja4.of(hello, Ja4.Transport.QUIC).length();
    }
}
