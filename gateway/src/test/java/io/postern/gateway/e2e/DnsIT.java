package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingDns.SILENCE;
import static io.postern.gateway.e2e.TestingDns.addresses;
import static io.postern.gateway.e2e.TestingDns.ask;
import static io.postern.gateway.e2e.TestingDns.ede;
import static io.postern.gateway.e2e.TestingDns.query;
import static io.postern.gateway.e2e.TestingDns.raw;
import static io.postern.gateway.e2e.TestingDns.received;
import static io.postern.gateway.e2e.TestingDns.resolver;
import static io.postern.gateway.e2e.TestingDns.send;
import static io.postern.gateway.e2e.TestingDns.socket;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.resolve.TestingNameServer;
import io.postern.gateway.real.SelfSigned;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.HINFORecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** What a device asks is answered, for those that may ask, and nothing that others could misuse. */
@Timeout(120)
class DnsIT {

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDeviceIsAnsweredWhatTheServerSays(boolean tcp) throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "")) {
            Message answer = ask(gateway, tcp, "wWw.Acme.Example.", Type.A);
            assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
            assertThat(answer.getHeader().getFlag(Flags.RA)).isTrue();
            assertThat(answer.getQuestion().getName()).hasToString("wWw.Acme.Example.");
            assertThat(addresses(answer)).containsExactly("192.0.2.1");
            assertThat(ask(gateway, !tcp, "www.acme.example.", Type.A).getRcode())
                    .isEqualTo(Rcode.NOERROR);
            assertThat(server.asked()).hasSize(1);
            gateway.awaitMetric(
                    "postern_dns_queries_total{rcode=\"noerror\",transport=\"" + (tcp ? "tcp" : "udp")
                            + "\",verdict=\"allow\"}",
                    1);
        }
    }

    @Test
    void whoIsNobodyIsRefused() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "")) {
            SimpleResolver stranger = resolver(gateway, false);
            stranger.setLocalAddress(InetAddress.getByName("127.0.0.9"));
            Message answer = stranger.send(query("www.acme.example.", Type.A));
            assertThat(answer.getRcode()).isEqualTo(Rcode.REFUSED);
            assertThat(ede(answer)).isEqualTo(18);
            assertThat(server.asked()).isEmpty();
        }
    }

    @Test
    void aNetworkThatMayAskNeedsNoName() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "networks: [127.0.0.9/32]")) {
            SimpleResolver guest = resolver(gateway, false);
            guest.setLocalAddress(InetAddress.getByName("127.0.0.9"));
            assertThat(addresses(guest.send(query("www.acme.example.", Type.A))))
                    .containsExactly("192.0.2.1");
        }
    }

    @Test
    void aLongAnswerIsFetchedAndAskedForByTcp() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(asked -> {
                    if (asked.tcp()) {
                        for (int each = 0; each < 100; each++) {
                            asked.text("a text of some length, number " + each);
                        }
                    } else {
                        asked.reply().getHeader().setFlag(Flags.TC);
                    }
                    asked.send();
                });
                TestingGateway gateway = gateway(server, "")) {
            Message cut = raw(gateway, query("long.acme.example.", Type.TXT));
            assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
            assertThat(cut.toWire().length).isLessThan(100);
            assertThat(ask(gateway, true, "long.acme.example.", Type.TXT).getSection(Section.ANSWER))
                    .hasSize(100);
        }
    }

    @Test
    void everythingIsNotToBeHad() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "")) {
            List<Record> told =
                    ask(gateway, false, "www.acme.example.", Type.ANY).getSection(Section.ANSWER);
            assertThat(told).hasSize(1).first().isInstanceOf(HINFORecord.class);
            assertThat(((HINFORecord) told.get(0)).getCPU()).isEqualTo("RFC8482");
            assertThat(addresses(ask(gateway, false, "localhost.", Type.A))).containsExactly("127.0.0.1");
            assertThat(ask(gateway, false, "a.onion.", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
            assertThat(server.asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"response", "update", "short"})
    void whatIsNoQuestionIsAnsweredByNothing(String what) throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "")) {
            Message query = query("www.acme.example.", Type.A);
            if (what.equals("response")) {
                query.getHeader().setFlag(Flags.QR);
            } else if (what.equals("update")) {
                query.getHeader().setOpcode(5);
            }
            byte[] bytes = query.toWire();
            try (DatagramSocket socket = socket(gateway)) {
                send(socket, what.equals("short") ? Arrays.copyOf(bytes, 11) : bytes);
                socket.setSoTimeout((int) SILENCE.toMillis());
                assertThat(received(socket)).isEmpty();
            }
            String reason = what.equals("update") ? "opcode" : what;
            gateway.awaitMetric("postern_dns_dropped_total{reason=\"" + reason + "\"}", 1);
        }
    }

    /** Its upper bits stand in EDNS; the lower ones alone would be NOERROR. */
    @Test
    void anEdnsThatIsNotSpokenHereIsCountedAsThat() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "")) {
            Message query = query("www.acme.example.", Type.A);
            query.addRecord(new OPTRecord(1_232, 0, 1, 0), Section.ADDITIONAL);
            assertThat(raw(gateway, query).getRcode()).isEqualTo(Rcode.BADVERS);
            gateway.awaitMetric("postern_dns_queries_total{rcode=\"badvers\",transport=\"udp\",verdict=\"allow\"}", 1);
            assertThat(gateway.metric(
                            "postern_dns_queries_total{rcode=\"noerror\",transport=\"udp\",verdict=\"allow\"}"))
                    .isZero();
        }
    }

    @Test
    void whoAsksTooOftenIsToldToUseTcpOrNothing() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "", "queries-per-second: 5");
                DatagramSocket socket = socket(gateway)) {
            ask(gateway, true, "www.acme.example.", Type.A);
            byte[] query = query("www.acme.example.", Type.A).toWire();
            for (int each = 0; each < 100; each++) {
                send(socket, query);
            }
            // All but the few that are answered in full: what follows is not cut off by a pause before an answer.
            gateway.awaitMetricAtLeast("postern_dns_dropped_total{reason=\"rate\"}", 85);
            socket.setSoTimeout((int) SILENCE.toMillis());
            int full = 0;
            int cut = 0;
            for (byte[] answer = received(socket); answer.length > 0; answer = received(socket)) {
                boolean truncated = new Message(answer).getHeader().getFlag(Flags.TC);
                full += truncated ? 0 : 1;
                cut += truncated ? 1 : 0;
            }
            // A burst may fall into two seconds, seldom into three.
            assertThat(full).isBetween(4, 15);
            assertThat(cut).isBetween(20, 50);
        }
    }

    /** Twenty come in one read; what is beyond sixteen waits for an answer. */
    @Test
    void ofOneConnectionSixteenQuestionsAreReadAhead() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(asked -> {});
                TestingGateway gateway = gateway(server, "", "timeout: 1m");
                Socket client = new Socket(
                        InetAddress.getLoopbackAddress(),
                        gateway.address("names").getPort())) {
            client.setSoTimeout(20_000);
            ByteArrayOutputStream questions = new ByteArrayOutputStream();
            DataOutputStream framed = new DataOutputStream(questions);
            for (int each = 0; each < 20; each++) {
                byte[] query = query("n" + each + ".acme.example.", Type.A).toWire();
                framed.writeShort(query.length);
                framed.write(query);
            }
            client.getOutputStream().write(questions.toByteArray());
            Awaitility.await().until(() -> names(server).size() >= 16);
            server.asked().get(0).addresses();
            DataInputStream in = new DataInputStream(client.getInputStream());
            assertThat(new Message(in.readNBytes(in.readUnsignedShort())).getRcode())
                    .isZero();
            Awaitility.await().until(() -> names(server).size() >= 17);
            assertThat(names(server)).hasSize(17);
        }
    }

    private static Set<String> names(TestingNameServer server) {
        Set<String> names = new HashSet<>();
        for (TestingNameServer.Asked asked : server.asked()) {
            names.add(asked.query().getQuestion().getName().toString().toLowerCase(Locale.ROOT));
        }
        return names;
    }

    /** Who shows a certificate is the device that it names, wherever it comes from. */
    @Test
    void insideTlsACertificateSaysWhoAsks() throws Exception {
        SelfSigned ours = SelfSigned.mint(dir, "gateway.acme.example");
        SelfSigned device = SelfSigned.mint(dir, "LC07");
        String settings = "listeners: [{name: names, type: dns, bind: '127.0.0.1:0', tls: {certificate: '"
                + ours.certificate() + "', key: '" + ours.key() + "', client-ca: '" + device.certificate()
                + "', client-auth: optional}}]\nupstream: {allow-networks: [192.0.2.0/24]}\n";
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = TestingGateway.start(
                        dir, settings + "dns: {upstreams: ['127.0.0.1:" + server.port() + "'], timeout: 10s}\n", "")) {
            SSLContext known = SSLContext.getInstance("TLS");
            known.init(device.keys(), TestingClient.trusting(), null);
            Message told = overTls(gateway, known, "www.acme.example.");
            assertThat(addresses(told)).containsExactly("192.0.2.1");
            assertThat(told.toWire()).hasSize(468);
            SSLContext stranger = SSLContext.getInstance("TLS");
            stranger.init(null, TestingClient.trusting(), null);
            Message refused = overTls(gateway, stranger, "www.acme.example.");
            assertThat(refused.getRcode()).isEqualTo(Rcode.REFUSED);
            gateway.awaitMetric("postern_dns_queries_total{rcode=\"noerror\",transport=\"tls\",verdict=\"allow\"}", 1);
        }
    }

    private static Message overTls(TestingGateway gateway, SSLContext context, String name) throws Exception {
        InetSocketAddress address = gateway.address("names");
        try (Socket socket = context.getSocketFactory().createSocket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(20_000);
            Message padded = query(name, Type.A);
            OPTRecord edns = new OPTRecord(1_232, 0, 0, 0, List.of(new GenericEDNSOption(12, new byte[40])));
            padded.addRecord(edns, Section.ADDITIONAL);
            byte[] query = padded.toWire();
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeShort(query.length);
            out.write(query);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            return new Message(in.readNBytes(in.readUnsignedShort()));
        }
    }

    private TestingGateway gateway(TestingNameServer server, String listener) throws Exception {
        return TestingDns.gateway(dir, server, listener, "timeout: 10s", "");
    }

    private TestingGateway gateway(TestingNameServer server, String listener, String dns) throws Exception {
        return TestingDns.gateway(dir, server, listener, dns, "");
    }
}
