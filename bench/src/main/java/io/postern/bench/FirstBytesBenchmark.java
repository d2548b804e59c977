package io.postern.bench;

import io.postern.gateway.recognise.Sniffers;
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
 * What is this stream? The first bytes of a client in one direct buffer, shown to everybody who recognises. Aim: 1 µs for a
 * hit; a hello of TLS is parsed and fingerprinted twice besides.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FirstBytesBenchmark {

    private static final int ROOM = 16 * 1024;

    @Param({"tls", "http", "dns", "ssh", "mqtt", "nobody"})
    public String opening = "";

    private final Sniffers sniffers = new Sniffers(ROOM, ROOM);
    private final ByteBuffer nothing = ByteBuffer.allocateDirect(0);
    private ByteBuffer bytes = nothing;

    @Setup
    public void write() throws IOException {
        bytes = opening.equals("tls") ? Samples.hello("curl") : ByteBuffer.allocateDirect(ROOM);
        switch (opening) {
            case "tls" -> {}
            case "http" ->
                text("GET /index.html HTTP/1.1\r\nHost: " + Samples.HOST
                        + "\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n\r\n");
            case "dns" -> {
                ByteBuffer query = Samples.dnsQuery();
                bytes.putShort((short) query.remaining()).put(query).flip();
            }
            case "ssh" -> text("SSH-2.0-OpenSSH_9.6\r\n");
            case "mqtt" -> text("\u0010\u0010\0\u0004MQTT\u0004\u0002\0<\0\u0004unit");
            case "nobody" -> text("~ nobody opens like this, and no one asks for more of it ~\n");
            default -> throw new IllegalArgumentException(opening);
        }
    }

    private void text(String text) {
        bytes.put(text.getBytes(StandardCharsets.US_ASCII)).flip();
    }

    @Benchmark
    public Sniffers.Answer ask() {
        return sniffers.ask(bytes, nothing);
    }
}
