package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.resolve.TestingNameServer;
import io.postern.gateway.real.SelfSigned;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.HINFORecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** What a device asks is answered from one memory, for those that may ask, and nothing that others could misuse. */
@Timeout(120)
class DnsIT {

    private static final Duration SILENCE = Duration.ofMillis(700);

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

    @Test
    void anAnswerOutlivesItsServers() throws Exception {
        TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
        try (TestingGateway gateway = gateway(server, "", "timeout: 2s")) {
            server.ttl(0);
            assertThat(addresses(ask(gateway, false, "www.acme.example.", Type.A)))
                    .containsExactly("192.0.2.1");
            server.close();
            // Five seconds are the least that an answer is good for.
            Message stale = eventually(() -> {
                Message answer = ask(gateway, false, "www.acme.example.", Type.A);
                return ede(answer) == 3 ? answer : null;
            });
            assertThat(addresses(stale)).containsExactly("192.0.2.1");
            Message lost = ask(gateway, false, "other.acme.example.", Type.A);
            assertThat(lost.getRcode()).isEqualTo(Rcode.SERVFAIL);
            assertThat(ede(lost)).isEqualTo(22);
        }
    }

    @Test
    void equalQuestionsAreOne() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(asked -> {});
                TestingGateway gateway = gateway(server, "", "timeout: 1m");
                DatagramSocket socket = socket(gateway)) {
            byte[] query = query("www.acme.example.", Type.A).toWire();
            for (int each = 0; each < 50; each++) {
                send(socket, query);
            }
            server.awaitAsked(1);
            server.asked().get(0).addresses();
            socket.setSoTimeout(20_000);
            for (int each = 0; each < 50; each++) {
                assertThat(addresses(new Message(received(socket)))).containsExactly("192.0.2.1");
            }
            assertThat(server.asked()).hasSize(1);
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
            org.awaitility.Awaitility.await().until(() -> names(server).size() >= 16);
            server.asked().get(0).addresses();
            DataInputStream in = new DataInputStream(client.getInputStream());
            assertThat(new Message(in.readNBytes(in.readUnsignedShort())).getRcode())
                    .isZero();
            org.awaitility.Awaitility.await().until(() -> names(server).size() >= 17);
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

    @Test
    void everyQuestionToAServerHasItsOwnIdPortAndCase() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "")) {
            Set<Integer> ids = new HashSet<>();
            Set<Object> ports = new HashSet<>();
            Set<String> names = new HashSet<>();
            for (int each = 0; each < 50; each++) {
                ask(gateway, false, "a-name-with-more-than-forty-letters-in-it-" + each + ".example.", Type.A);
            }
            for (TestingNameServer.Asked asked : server.asked()) {
                ids.add(asked.query().getHeader().getID());
                ports.add(asked.from());
                names.add(asked.query().getQuestion().getName().toString());
            }
            assertThat(ids).hasSizeGreaterThan(45);
            assertThat(ports).hasSizeGreaterThan(45);
            assertThat(IntStream.range(0, 50)
                            .filter(each ->
                                    names.contains("a-name-with-more-than-forty-letters-in-it-" + each + ".example."))
                            .count())
                    .isLessThan(3);
        }
    }

    /** Somebody who guesses fast and wrong changes nothing but the way that the answer is fetched. */
    @Test
    void guessesAreNotBelieved() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(asked -> {
                    if (!asked.tcp()) {
                        for (int each = 1; each <= 3; each++) {
                            asked.forged(each);
                        }
                    }
                    asked.addresses();
                });
                TestingGateway gateway = gateway(server, "")) {
            assertThat(addresses(ask(gateway, false, "www.acme.example.", Type.A)))
                    .containsExactly("192.0.2.1");
            assertThat(server.asked().stream().filter(TestingNameServer.Asked::tcp))
                    .hasSize(1);
        }
    }

    @Test
    void whatNobodyAskedForIsNotToldOn() throws Exception {
        Name elsewhere = Name.fromString("bank.example.");
        Record poison = new ARecord(elsewhere, DClass.IN, 3600, InetAddress.getByName("192.0.2.66"));
        try (TestingNameServer server = TestingNameServer.start(asked -> {
                    asked.reply().addRecord(poison, Section.ANSWER);
                    asked.reply().addRecord(poison, Section.ADDITIONAL);
                    asked.addresses();
                });
                TestingGateway gateway = gateway(server, "")) {
            Message answer = ask(gateway, false, "www.acme.example.", Type.A);
            assertThat(addresses(answer)).containsExactly("192.0.2.1");
            assertThat(answer.getSection(Section.ADDITIONAL)).allMatch(OPTRecord.class::isInstance);
        }
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

    private static final String POLICY = """
            categories: {mail: {}}
            apps:
              com.acme.mail: {category: mail, approved: true, owner: o, justification: j, review-by: 2099-06-30}
            rules:
              - {name: no-ads, when: {destination: ["*.ads.example"]}, action: block, mode: enforce}
              - {name: no-games, when: {destination: [games.example]}, action: block, mode: shadow}
              - {name: mail-only, when: {category: mail, destination: [chat.example]}, action: block, mode: enforce}
              - {name: listed-only, when: {approved: false, destination: [tools.example]}, action: block, mode: enforce}
              - {name: web-only, when: {destination: [ssh.example], port: [22]}, action: block, mode: enforce}
            """;

    @Test
    void aNameThatPolicyForbidsIsNotFound() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "", "timeout: 10s", POLICY)) {
            Message blocked = ask(gateway, false, "A.Ads.Example.", Type.A);
            assertThat(blocked.getRcode()).isEqualTo(Rcode.NXDOMAIN);
            assertThat(ede(blocked)).isEqualTo(15);
            assertThat(server.asked()).isEmpty();
            gateway.awaitMetric("postern_dns_queries_total{rcode=\"nxdomain\",transport=\"udp\",verdict=\"block\"}", 1);
            assertThat(addresses(ask(gateway, false, "games.example.", Type.A))).containsExactly("192.0.2.1");
            gateway.awaitMetric("postern_would_block_total{rule=\"no-games\"}", 1);
        }
    }

    /** The system asks for all apps: what one of them may not find must stay findable for the others. */
    @Test
    void aRuleForOneAppHidesNothingFromTheDevice() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "", "timeout: 10s", POLICY)) {
            for (String name : List.of("chat.example.", "tools.example.", "ssh.example.")) {
                assertThat(addresses(ask(gateway, false, name, Type.A)))
                        .as(name)
                        .containsExactly("192.0.2.1");
            }
            SimpleResolver app = resolver(gateway, false);
            app.setLocalAddress(InetAddress.getByName("127.0.0.2"));
            assertThat(app.send(query("chat.example.", Type.A)).getRcode()).isEqualTo(Rcode.NXDOMAIN);
            assertThat(addresses(app.send(query("tools.example.", Type.A)))).containsExactly("192.0.2.1");
        }
    }

    @ParameterizedTest
    @CsvSource({"refused, REFUSED, 0", "sinkhole, NOERROR, 1"})
    void whatIsToldInsteadIsSet(String blocked, String rcode, int addresses) throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway =
                        gateway(server, "", "blocked: " + blocked + ", sinkhole: [192.0.2.9, '2001:db8::9']", POLICY)) {
            Message answer = ask(gateway, false, "a.ads.example.", Type.A);
            assertThat(Rcode.string(answer.getRcode())).isEqualTo(rcode);
            assertThat(addresses(answer)).isEqualTo(List.of("192.0.2.9").subList(0, addresses));
            assertThat(ede(answer)).isEqualTo(15);
        }
    }

    /** A zone says what is told of its names; what is only watched is told the truth. */
    @Test
    void aResponsePolicyZoneSaysWhatIsTold() throws Exception {
        Files.writeString(dir.resolve("zone.rpz"), """
                $ORIGIN rpz.local.
                @ 1h SOA localhost. root.localhost. 1 1h 15m 30d 2h
                gone.example CNAME .
                *.empty.example CNAME *.
                fine.empty.example CNAME rpz-passthru.
                astray.example A 192.0.2.77
                quiet.example CNAME rpz-drop.
                """);
        Files.writeString(dir.resolve("watched.txt"), "watched.example\n");
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "", "timeout: 10s, blocked: refused", """
                        lists:
                          zone: {files: [zone.rpz], format: rpz}
                          feed: {files: [watched.txt]}
                        rules:
                          - {name: zone, when: {list: zone}, action: block, mode: enforce}
                          - {name: feed, when: {list: feed}, action: block, mode: shadow}
                        """)) {
            assertThat(ask(gateway, false, "gone.example.", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
            Message empty = ask(gateway, false, "a.empty.example.", Type.A);
            assertThat(empty.getRcode()).isEqualTo(Rcode.NOERROR);
            assertThat(empty.getSection(Section.ANSWER)).isEmpty();
            assertThat(ede(empty)).isEqualTo(15);
            assertThat(addresses(ask(gateway, false, "fine.empty.example.", Type.A)))
                    .containsExactly("192.0.2.1");
            assertThat(addresses(ask(gateway, false, "astray.example.", Type.A)))
                    .containsExactly("192.0.2.77");
            assertThat(addresses(ask(gateway, false, "watched.example.", Type.A)))
                    .containsExactly("192.0.2.1");
            gateway.awaitMetric("postern_would_block_total{rule=\"feed\"}", 1);
            try (DatagramSocket socket = socket(gateway)) {
                send(socket, query("quiet.example.", Type.A).toWire());
                socket.setSoTimeout((int) SILENCE.toMillis());
                assertThat(received(socket)).isEmpty();
            }
            gateway.awaitMetric("postern_dns_dropped_total{reason=\"policy\"}", 1);
            // What is blocked is not asked of anybody.
            assertThat(server.asked()).hasSize(2);
        }
    }

    @Test
    void aNameOfTheWorldLeadsToNoAddressOfTheInside() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(asked -> {
                    asked.address("10.0.0.1");
                    asked.send();
                });
                TestingGateway gateway = gateway(server, "")) {
            Message answer = ask(gateway, false, "rebind.example.", Type.A);
            assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
            assertThat(answer.getSection(Section.ANSWER)).isEmpty();
            assertThat(ede(answer)).isEqualTo(15);
        }
    }

    @Test
    void browsersAreAskedToAskHere() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "")) {
            assertThat(ask(gateway, false, "use-application-dns.net.", Type.A).getRcode())
                    .isEqualTo(Rcode.NXDOMAIN);
            assertThat(server.asked()).isEmpty();
        }
    }

    /** In quarantine a device finds what it may reach, and nothing else. */
    @Test
    void inQuarantineOnlyTheAllowSetIsFound() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(
                        server,
                        "",
                        "timeout: 10s}\nresponse: {quarantine: {allow: [{hosts: [help.acme.example], ports: [443]}]}",
                        "")) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            assertThat(admin.send(
                                    "POST",
                                    "/v1/quarantine",
                                    "{\"device\":\"LC01\",\"reason\":\"test\"}",
                                    "content-type",
                                    "application/json")
                            .statusCode())
                    .isEqualTo(201);
            Message refused = ask(gateway, false, "www.acme.example.", Type.A);
            assertThat(refused.getRcode()).isEqualTo(Rcode.NXDOMAIN);
            assertThat(ede(refused)).isEqualTo(18);
            assertThat(addresses(ask(gateway, false, "help.acme.example.", Type.A)))
                    .containsExactly("192.0.2.1");
        }
    }

    private TestingGateway gateway(TestingNameServer server, String listener) throws Exception {
        return gateway(server, listener, "timeout: 10s");
    }

    private TestingGateway gateway(TestingNameServer server, String listener, String dns) throws Exception {
        return gateway(server, listener, dns, "");
    }

    private TestingGateway gateway(TestingNameServer server, String listener, String dns, String policy)
            throws Exception {
        Files.writeString(
                dir.resolve("addresses.csv"),
                "address,device,profile,app,proof\n127.0.0.1,LC01,work,-\n127.0.0.2,LC01,work,com.acme.mail\n");
        return TestingGateway.start(
                dir, """
                listeners: [{name: names, type: dns, bind: '127.0.0.1:0'%s}]
                upstream: {allow-networks: [192.0.2.0/24]}
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                dns: {upstreams: ['127.0.0.1:%d'], %s}
                """.formatted(listener.isEmpty() ? "" : ", " + listener, server.port(), dns), policy);
    }

    private static SimpleResolver resolver(TestingGateway gateway, boolean tcp) {
        SimpleResolver resolver = new SimpleResolver(gateway.address("names"));
        resolver.setTCP(tcp);
        resolver.setTimeout(Duration.ofSeconds(20));
        return resolver;
    }

    private static Message query(String name, int type) throws Exception {
        return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
    }

    private static Message ask(TestingGateway gateway, boolean tcp, String name, int type) throws Exception {
        return resolver(gateway, tcp).send(query(name, type));
    }

    private static Message raw(TestingGateway gateway, Message query) throws Exception {
        try (DatagramSocket socket = socket(gateway)) {
            send(socket, query.toWire());
            socket.setSoTimeout(20_000);
            return new Message(received(socket));
        }
    }

    private static DatagramSocket socket(TestingGateway gateway) throws Exception {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.connect(gateway.address("names"));
        return socket;
    }

    private static void send(DatagramSocket socket, byte[] bytes) throws Exception {
        socket.send(new DatagramPacket(bytes, bytes.length));
    }

    private static byte[] received(DatagramSocket socket) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        try {
            socket.receive(packet);
        } catch (SocketTimeoutException silence) {
            return new byte[0];
        }
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    static List<String> addresses(Message answer) {
        return answer.getSection(Section.ANSWER).stream()
                .filter(ARecord.class::isInstance)
                .map(record -> ((ARecord) record).getAddress().getHostAddress())
                .toList();
    }

    static int ede(Message answer) {
        OPTRecord edns = answer.getOPT();
        return edns == null
                ? -1
                : edns.getOptions().stream()
                        .filter(ExtendedErrorCodeOption.class::isInstance)
                        .mapToInt(option -> ((ExtendedErrorCodeOption) option).getErrorCode())
                        .findFirst()
                        .orElse(-1);
    }

    private interface Look<T> {
        @org.jspecify.annotations.Nullable
        T look() throws Exception;
    }

    private static <T> T eventually(Look<T> look) {
        return org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(500))
                .until(look::look, java.util.Objects::nonNull);
    }
}
