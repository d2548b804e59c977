package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.dns.resolve.TestingNameServer;
import io.postern.gateway.real.SelfSigned;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** What befalls connections that carry questions: too many of them, clients that finish, answers that are late. */
@Timeout(120)
class DnsConnectionsIT {

    @TempDir
    Path dir;

    /** Datagrams may be sent in anybody's name; over a connection he whose name it is gets his answer. */
    @Test
    void aFloodOfDatagramsInSomebodysNameLeavesHimHisConnections() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "queries-per-second: 10");
                DatagramSocket flood = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Client client = new Client(gateway, "127.0.0.1")) {
            flood.connect(gateway.address("names"));
            byte[] question = query("www.acme.example.").toWire();
            // Of three seconds that a flood may just have ended in, one.
            for (int round = 1; round <= 3; round++) {
                double dropped = gateway.metric("postern_dns_dropped_total{reason=\"rate\"}");
                for (int each = 0; each < 200; each++) {
                    flood.send(new DatagramPacket(question, question.length));
                }
                gateway.awaitMetricAtLeast("postern_dns_dropped_total{reason=\"rate\"}", dropped + 20);
                assertThat(client.ask("www.acme.example.").getRcode()).isEqualTo(Rcode.NOERROR);
            }
        }
    }

    /** Wherever it comes from: two addresses of one device have one share, and a guest has another. */
    @Test
    void overConnectionsADeviceHasItsShare() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "queries-per-second: 3");
                Client one = new Client(gateway, "127.0.0.1");
                Client other = new Client(gateway, "127.0.0.2");
                Client guest = new Client(gateway, "127.0.0.9")) {
            int refused = 0;
            for (int round = 0; round < 20; round++) {
                refused += one.ask("www.acme.example.").getRcode() == Rcode.REFUSED ? 1 : 0;
                refused += other.ask("www.acme.example.").getRcode() == Rcode.REFUSED ? 1 : 0;
            }
            assertThat(refused).isPositive();
            assertThat(guest.ask("www.acme.example.").getRcode()).isEqualTo(Rcode.NOERROR);
            gateway.awaitMetric(
                    "postern_dns_queries_total{rcode=\"refused\",transport=\"tcp\",verdict=\"throttle\"}", refused);
        }
    }

    /**
     * RFC 7766 section 6.2.4: what was asked is answered, and then there is nothing left of the connection. Inside TLS too, where
     * who says goodbye still reads (RFC 8446 section 6.1).
     */
    @ParameterizedTest
    @CsvSource({"names, 1", "names, 20", "private, 1", "private, 20"})
    void whoFinishesHasHisAnswersAndIsLetGo(String listener, int questions) throws Exception {
        try (TestingNameServer server = TestingNameServer.start(asked -> {});
                TestingGateway gateway = gateway(server, "timeout: 1m");
                Client client = new Client(connected(gateway, listener))) {
            for (int each = 0; each < questions; each++) {
                client.send("n" + each + ".acme.example.");
            }
            server.awaitAsked(1);
            client.socket.shutdownOutput();
            int answered = 0;
            for (int each = 0; each < questions; each++) {
                int least = each + 1;
                await().until(() -> server.asked().size() >= least);
                for (; answered < server.asked().size(); answered++) {
                    server.asked().get(answered).addresses();
                }
                assertThat(client.answer().getRcode()).isEqualTo(Rcode.NOERROR);
            }
            assertThat(client.in.read()).isEqualTo(-1);
            gateway.awaitMetric("postern_client_connections", 0);
            assertThat(gateway.metric("postern_dns_dropped_total{reason=\"stream\"}"))
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "\0\u001dhalf"})
    void whoFinishesWithoutAQuestionIsCounted(String said) throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "timeout: 10s");
                Client client = new Client(gateway, "127.0.0.1")) {
            client.out.write(said.getBytes(StandardCharsets.ISO_8859_1));
            client.socket.shutdownOutput();
            assertThat(client.in.read()).isEqualTo(-1);
            gateway.awaitMetric("postern_dns_dropped_total{reason=\"stream\"}", 1);
            gateway.awaitMetric("postern_client_connections", 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"private", "https"})
    void whoFinishesInsideTlsIsLetGo(String listener) throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "timeout: 10s");
                Client client = new Client(connected(gateway, listener))) {
            if (listener.equals("private")) {
                assertThat(client.ask("www.acme.example.").getRcode()).isEqualTo(Rcode.NOERROR);
            } else {
                client.out.writeBytes("GET /none HTTP/1.1\r\nhost: localhost\r\n\r\n");
                assertThat(new String(client.in.readNBytes(12), StandardCharsets.ISO_8859_1))
                        .isEqualTo("HTTP/1.1 404");
            }
            client.socket.shutdownOutput();
            client.in.readAllBytes();
            gateway.awaitMetric("postern_client_connections", 0);
            assertThat(gateway.metric("postern_dns_dropped_total{reason=\"stream\"}"))
                    .isZero();
        }
    }

    private static Socket connected(TestingGateway gateway, String listener) throws Exception {
        InetSocketAddress address = gateway.address(listener);
        if (listener.equals("names")) {
            return new Socket(address.getAddress(), address.getPort());
        }
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, TestingClient.trusting(), null);
        return tls.getSocketFactory().createSocket(address.getAddress(), address.getPort());
    }

    private TestingGateway gateway(TestingNameServer server, String dns) throws Exception {
        SelfSigned ours = SelfSigned.mint(dir, "localhost");
        Files.writeString(
                dir.resolve("addresses.csv"),
                "address,device,profile,app,proof\n127.0.0.1,LC01,work,-\n127.0.0.2,LC01,work,com.acme.mail\n");
        return TestingGateway.start(dir, """
                listeners:
                  - {name: names, type: dns, bind: '127.0.0.1:0', networks: [127.0.0.9/32]}
                  - {name: private, type: dns, bind: '127.0.0.1:0', tls: {certificate: '%1$s', key: '%2$s'}}
                  - {name: https, type: dns, bind: '127.0.0.1:0', doh-path: /dns-query, tls: {certificate: '%1$s', key: '%2$s'}}
                upstream: {allow-networks: [192.0.2.0/24]}
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                dns: {upstreams: ['127.0.0.1:%3$d'], %4$s}
                """.formatted(ours.certificate(), ours.key(), server.port(), dns), "");
    }

    private static Message query(String name) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN));
    }

    /** One connection. */
    private static final class Client implements AutoCloseable {

        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;

        Client(TestingGateway gateway, String from) throws IOException {
            this(new Socket(
                    InetAddress.getLoopbackAddress(),
                    gateway.address("names").getPort(),
                    InetAddress.getByName(from),
                    0));
        }

        Client(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout(20_000);
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
        }

        Message ask(String name) throws IOException {
            send(name);
            return answer();
        }

        void send(String name) throws IOException {
            byte[] question = query(name).toWire();
            byte[] framed = new byte[question.length + 2];
            framed[1] = (byte) question.length;
            System.arraycopy(question, 0, framed, 2, question.length);
            out.write(framed);
        }

        Message answer() throws IOException {
            return new Message(in.readNBytes(in.readUnsignedShort()));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
