package io.postern.gateway.demo;

import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.Flow.TlsShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * First words of TLS, as a real stack says them, each made once: what follows in a flow of the fleet has the form of TLS and
 * nothing secret, for twenty thousand handshakes would take two processors a minute and the gateway does not look behind them.
 * For one thread.
 */
final class Hellos {

    /** Record header, handshake header, version. */
    static final int RANDOM = 5 + 4 + 2;

    private final SSLContext context;
    private final Map<TlsShape, byte[]> known = new HashMap<>();

    Hellos(SSLContext context) {
        this.context = context;
    }

    /** One that asks the demo's origins for an answer of so many bytes, in the first bytes of its random. */
    byte[] of(Flow flow, int answer) throws IOException {
        TlsShape shape = flow.tls().orElse(new TlsShape("", false, "", ""));
        byte[] hello = known.get(shape);
        if (hello == null) {
            hello = make(shape);
            known.put(shape, hello);
        }
        byte[] asking = hello.clone();
        ByteBuffer.wrap(asking).putInt(RANDOM, answer);
        return asking;
    }

    private byte[] make(TlsShape shape) throws IOException {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        if (!shape.sni().isEmpty()) {
            parameters.setServerNames(List.of(new SNIHostName(shape.sni())));
        }
        if (shape.alpn().isEmpty()) {
            // Another stack than that of the system: its hello must be another too.
            parameters.setProtocols(new String[] {"TLSv1.2"});
        } else {
            parameters.setApplicationProtocols(new String[] {shape.alpn()});
        }
        engine.setSSLParameters(parameters);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        return Arrays.copyOf(hello.array(), hello.position());
    }
}
