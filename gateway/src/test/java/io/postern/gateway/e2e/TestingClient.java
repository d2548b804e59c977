package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** How clients of the tests reach a gateway. */
public final class TestingClient {

    public static final String APP = "com.acme.mail";

    private TestingClient() {}

    /** Connected to the listener {@code apps}, nothing said yet. */
    public static TestingConnection to(TestingGateway gateway) throws IOException {
        return to(gateway.address());
    }

    public static TestingConnection to(InetSocketAddress address) throws IOException {
        return new TestingConnection(new Socket(address.getAddress(), address.getPort()));
    }

    /** Connected from an address of this machine other than the usual one. */
    public static TestingConnection from(String source, InetSocketAddress address) throws IOException {
        return new TestingConnection(
                new Socket(address.getAddress(), address.getPort(), InetAddress.getByName(source), 0));
    }

    /** A tunnel that the gateway has opened for {@link #APP}. */
    public static TestingConnection tunnel(TestingGateway gateway, String target) throws IOException {
        return tunnel(gateway, target, APP);
    }

    public static TestingConnection tunnel(TestingGateway gateway, String target, String app) throws IOException {
        TestingConnection client = to(gateway).send(connect(target, app));
        // Exactly this: sing-box takes no other success.
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        return client;
    }

    public static String connect(String target, String app) {
        return "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + authorization(app) + "\r\n";
    }

    /** A whole request without a body, in absolute-form. */
    public static String get(TestingOrigin origin, String path, String app) {
        return "GET http://" + origin.authority() + path + " HTTP/1.1\r\nHost: " + origin.authority() + "\r\n"
                + authorization(app) + "\r\n";
    }

    /** @param rest the fields that frame the body, the empty line and what there is of the body */
    public static String post(TestingOrigin origin, String path, String rest) {
        return "POST http://" + origin.authority() + path + " HTTP/1.1\r\nHost: " + origin.authority() + "\r\n"
                + authorization(APP) + rest;
    }

    /** A header line. */
    public static String authorization(String app) {
        return "Proxy-Authorization: " + TestingGateway.basic(TestingGateway.tag(app)) + "\r\n";
    }

    /** Connected to the listener {@code apps}, which speaks TLS. */
    public static TestingConnection tlsTo(TestingGateway gateway) throws IOException, GeneralSecurityException {
        return new TestingConnection(tls(to(gateway), "gateway.acme.example", List.of("http/1.1")));
    }

    /** TLS over a connection that is there, whoever the server says it is; the handshake is not yet begun. */
    public static SSLSocket tls(TestingConnection connection, String name, List<String> protocols)
            throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trusting(), null);
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(connection.socket(), name, 443, true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setApplicationProtocols(protocols.toArray(String[]::new));
        tls.setSSLParameters(parameters);
        return tls;
    }

    /** Who the server says it is. */
    public static String subject(SSLSocket tls) throws IOException {
        X509Certificate leaf = (X509Certificate) tls.getSession().getPeerCertificates()[0];
        return leaf.getSubjectX500Principal().getName();
    }

    /** Believes any server. */
    static TrustManager[] trusting() {
        return new TrustManager[] {new TrustsAll()};
    }

    /** What certificates say is not what these tests are about. */
    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
