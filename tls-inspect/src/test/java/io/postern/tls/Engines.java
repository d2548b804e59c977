package io.postern.tls;

import io.postern.tls.watch.Side;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.x509.GeneralName;

/** What the JDK's own client and server say to each other, each wrapped piece by itself. */
public final class Engines {

    /** One piece of a conversation. */
    public record Said(Side by, ByteBuffer bytes) {}

    private static final String NAME = "origin.example";
    private static final char[] PASSWORD = "secret".toCharArray();
    private static final int MOST_PIECES = 100;

    private final SSLEngine client;
    private final SSLEngine server;
    private final List<Said> said = new ArrayList<>();

    private Engines(SSLContext context, String version, int packet) {
        client = context.createSSLEngine(NAME, 443);
        server = context.createSSLEngine();
        client.setUseClientMode(true);
        server.setUseClientMode(false);
        for (SSLEngine engine : List.of(client, server)) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setProtocols(new String[] {version});
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            if (packet > 0) {
                parameters.setMaximumPacketSize(packet);
            }
            engine.setSSLParameters(parameters);
        }
    }

    /** A whole TLS handshake and one record of data from either side. */
    public static List<Said> tls(String version) throws Exception {
        return new Engines(context("TLS"), version, 0).run();
    }

    /**
     * The same over datagrams.
     *
     * @param packet most bytes of a datagram
     */
    public static List<Said> dtls(String version, int packet) throws Exception {
        return new Engines(context("DTLS"), version, packet).run();
    }

    private List<Said> run() throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        ByteBuffer toServer = ByteBuffer.allocate(1 << 17).limit(0);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 17).limit(0);
        while (!(finished(client) && finished(server)) && said.size() < MOST_PIECES) {
            step(client, Side.CLIENT, toClient, toServer);
            step(server, Side.SERVER, toServer, toClient);
        }
        wrap(client, Side.CLIENT, toServer, "GET / HTTP/1.1\r\n\r\n");
        wrap(server, Side.SERVER, toClient, "HTTP/1.1 200 OK\r\n\r\n");
        return said;
    }

    private void step(SSLEngine engine, Side side, ByteBuffer in, ByteBuffer out) throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                    task.run();
                }
            }
            case NEED_WRAP -> wrap(engine, side, out, "");
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> engine.unwrap(in, ByteBuffer.allocate(1 << 15));
            default -> {
                if (in.hasRemaining()) {
                    engine.unwrap(in, ByteBuffer.allocate(1 << 15));
                }
            }
        }
    }

    private void wrap(SSLEngine engine, Side side, ByteBuffer out, String text) throws SSLException {
        ByteBuffer piece = ByteBuffer.allocate(1 << 15);
        SSLEngineResult result = engine.wrap(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), piece);
        if (result.bytesProduced() > 0) {
            byte[] bytes = new byte[piece.position()];
            piece.flip().get(bytes);
            said.add(new Said(side, ByteBuffer.wrap(bytes)));
            out.compact().put(bytes).flip();
        }
    }

    private static boolean finished(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    private static SSLContext context(String protocol) throws Exception {
        KeyPair keys = Certificates.keys("RSA", 2048);
        byte[] der = Certificates.of(
                        "CN=" + NAME,
                        "CN=Test CA,O=Tests",
                        keys.getPublic(),
                        keys.getPrivate(),
                        new GeneralName(GeneralName.dNSName, NAME))
                .getEncoded();
        X509Certificate certificate = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", keys.getPrivate(), PASSWORD, new X509Certificate[] {certificate});
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance(protocol);
        context.init(managers.getKeyManagers(), new TrustManager[] {new TrustsAll()}, null);
        return context;
    }

    /** The certificate is nobody's: this is about bytes. */
    private static final class TrustsAll implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
