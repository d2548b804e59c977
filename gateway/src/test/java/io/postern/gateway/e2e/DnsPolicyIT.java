package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingDns.SILENCE;
import static io.postern.gateway.e2e.TestingDns.addresses;
import static io.postern.gateway.e2e.TestingDns.ask;
import static io.postern.gateway.e2e.TestingDns.ede;
import static io.postern.gateway.e2e.TestingDns.query;
import static io.postern.gateway.e2e.TestingDns.received;
import static io.postern.gateway.e2e.TestingDns.resolver;
import static io.postern.gateway.e2e.TestingDns.send;
import static io.postern.gateway.e2e.TestingDns.socket;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.resolve.TestingNameServer;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** What policy forbids is not found, and whoever asks is told so. */
@Timeout(120)
class DnsPolicyIT {

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

    @TempDir
    Path dir;

    @Test
    void aNameThatPolicyForbidsIsNotFound() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "timeout: 10s", POLICY)) {
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
                TestingGateway gateway = gateway(server, "timeout: 10s", POLICY)) {
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
                        gateway(server, "blocked: " + blocked + ", sinkhole: [192.0.2.9, '2001:db8::9']", POLICY)) {
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
                TestingGateway gateway = gateway(server, "timeout: 10s, blocked: refused", """
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
                TestingGateway gateway = gateway(server)) {
            Message answer = ask(gateway, false, "rebind.example.", Type.A);
            assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
            assertThat(answer.getSection(Section.ANSWER)).isEmpty();
            assertThat(ede(answer)).isEqualTo(15);
        }
    }

    @Test
    void browsersAreAskedToAskHere() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server)) {
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

    private TestingGateway gateway(TestingNameServer server) throws Exception {
        return TestingDns.gateway(dir, server, "", "timeout: 10s", "");
    }

    private TestingGateway gateway(TestingNameServer server, String dns, String policy) throws Exception {
        return TestingDns.gateway(dir, server, "", dns, policy);
    }
}
