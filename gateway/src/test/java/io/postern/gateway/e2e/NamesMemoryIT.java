package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingSocks.OFFERS_PASSWORD;
import static io.postern.gateway.e2e.TestingSocks.connect;
import static io.postern.gateway.e2e.TestingSocks.heard;
import static io.postern.gateway.e2e.TestingSocks.password;
import static io.postern.gateway.e2e.TestingSocks.reply;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.resolve.TestingNameServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import tools.jackson.databind.JsonNode;

/** A flow that asks for an address has the name that its device was told that address for. */
@Timeout(120)
class NamesMemoryIT {

    private static final String APP = "com.acme.mail";
    private static final String OTHER = "com.acme.chat";
    private static final int REFUSED = 2;

    private static final String POLICY = """
            categories: {chat: {}}
            apps:
              com.acme.chat: {category: chat, approved: true, owner: o, justification: j, review-by: 2099-06-30}
            rules:
              - {name: no-mail-by-chat, when: {category: chat, destination: [mail.acme.example]}, action: block, mode: enforce}
            """;

    @TempDir
    Path dir;

    private final TestingClock clock = new TestingClock(Clock.systemUTC().instant());

    @Test
    void aFlowByAddressHasTheNameThatItsDeviceWasTold() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = gateway(server, origin)) {
            ask(gateway, "Mail.Acme.Example.");
            JsonNode line = flow(gateway, origin, "192.0.2.1", "\0ping");
            assertThat(line.at("/dst_endpoint/hostname").asString()).isEqualTo("mail.acme.example");
            assertThat(line.at("/unmapped/postern/name_basis").asString()).isEqualTo("dns-memory");
            assertThat(line.at("/unmapped/postern/dns_resolved").asString()).isEqualTo("here");
            assertThat(line.at("/unmapped/postern").has("name_verified")).isFalse();
            String uid = line.at("/connection_info/uid").asString();
            assertThat(TestingAdmin.of(gateway)
                            .get("/v1/explain/" + uid, "accept", "text/plain")
                            .body())
                    .contains("To mail.acme.example at 127.0.0.1, port 443")
                    .contains("is what the device was told here (basis: dns-memory)");
            // The device and its address.
            gateway.awaitMetric("postern_analytic_keys{table=\"dns-answers\"}", 2);
        }
    }

    @Test
    void aNameThatIsClaimedIsHeldAgainstWhatWasTold() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = gateway(server, origin)) {
            ask(gateway, "mail.acme.example.");
            ask(gateway, "www.other.example.");
            JsonNode true_ = flow(gateway, origin, "192.0.2.1", hello("mail.acme.example"));
            assertThat(true_.at("/tls/sni").asString()).isEqualTo("mail.acme.example");
            assertThat(true_.at("/unmapped/postern/name_verified").asBoolean()).isTrue();
            assertThat(true_.at("/dst_endpoint/hostname").asString()).isEqualTo("mail.acme.example");
            JsonNode lie = flow(gateway, origin, "192.0.2.1", hello("bank.example"));
            assertThat(lie.at("/unmapped/postern/name_verified").asBoolean(true))
                    .isFalse();
            // Of two owners nobody knows which is meant.
            assertThat(lie.at("/dst_endpoint").has("hostname")).isFalse();
            assertThat(lie.at("/unmapped/postern").has("dns_resolved")).isFalse();
        }
    }

    @Test
    void neverResolvedIsSaidOfADeviceThatAsksHere() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = gateway(server, origin)) {
            ask(gateway, "mail.acme.example.");
            JsonNode early = flow(gateway, origin, "192.0.2.9", "\0ping");
            assertThat(early.at("/unmapped/postern").has("dns_resolved")).isFalse();
            for (int each = 0; each < 16; each++) {
                clock.pass(Duration.ofMinutes(4));
                ask(gateway, "mail.acme.example.");
            }
            JsonNode late = flow(gateway, origin, "192.0.2.9", "\0ping");
            assertThat(late.at("/unmapped/postern/dns_resolved").asString()).isEqualTo("never");
            assertThat(late.at("/dst_endpoint").has("hostname")).isFalse();
            assertThat(TestingAdmin.of(gateway)
                            .get(
                                    "/v1/explain/"
                                            + late.at("/connection_info/uid").asString(),
                                    "accept",
                                    "text/plain")
                            .body())
                    .contains("no name that it asked for led there");
            JsonNode told = flow(gateway, origin, "192.0.2.1", "\0ping");
            assertThat(told.at("/unmapped/postern/dns_resolved").asString()).isEqualTo("here");

            // Who asks somebody else may know more.
            flow(gateway, origin, "192.0.2.1", hello("dns.google"));
            JsonNode after = flow(gateway, origin, "192.0.2.9", "\0ping");
            assertThat(after.at("/unmapped/postern").has("dns_resolved")).isFalse();
        }
    }

    @Test
    void policyKnowsTheNameBeforeAnythingIsDialled() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = gateway(server, origin)) {
            ask(gateway, "mail.acme.example.");
            try (TestingConnection client = TestingClient.to(gateway)) {
                client.send(all(OTHER, "192.0.2.1"));
                assertThat(client.rest()).isEqualTo(heard(reply(REFUSED)));
            }
            JsonNode line = gateway.record(any -> true);
            assertThat(line.at("/firewall_rule/name").asString()).isEqualTo("no-mail-by-chat");
            assertThat(line.at("/dst_endpoint/hostname").asString()).isEqualTo("mail.acme.example");
            flow(gateway, origin, "192.0.2.1", "\0ping");
        }
    }

    /** The record of a flow that says something and ends. */
    private JsonNode flow(TestingGateway gateway, TestingOrigin origin, String address, String says) throws Exception {
        int before = gateway.records().size();
        try (TestingConnection client = TestingClient.to(gateway)) {
            client.send(all(APP, address));
            assertThat(client.read(14)).isEqualTo(heard(TestingSocks.OPENED));
            try (TestingConnection server = origin.accept()) {
                client.send(says);
                assertThat(server.read(says.length())).isEqualTo(says);
            }
        }
        return org.awaitility.Awaitility.await()
                .until(gateway::records, lines -> lines.size() > before)
                .get(before);
    }

    /** Good for as long as the test's clock may run. */
    private static String all(String app, String address) {
        return OFFERS_PASSWORD + password(TestingGateway.tag(app, Duration.ofDays(1))) + connect(address + ":443");
    }

    private static String hello(String name) throws Exception {
        return new String(TestingHello.bytes(name), StandardCharsets.ISO_8859_1);
    }

    private static void ask(TestingGateway gateway, String name) throws Exception {
        SimpleResolver resolver = new SimpleResolver(gateway.address("names"));
        resolver.setTimeout(Duration.ofSeconds(20));
        Message answer = resolver.send(Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN)));
        assertThat(TestingDns.addresses(answer)).containsExactly("192.0.2.1");
    }

    private TestingGateway gateway(TestingNameServer server, TestingOrigin origin) throws Exception {
        Files.writeString(dir.resolve("addresses.csv"), "address,device,profile,app,proof\n127.0.0.1,LC01,work,-\n");
        return TestingGateway.start(
                dir, """
                listeners:
                  - {name: names, type: dns, bind: '127.0.0.1:0'}
                  - {name: apps, type: socks5, bind: '127.0.0.1:0'}
                upstream:
                  allow-networks: [192.0.2.0/24, 127.0.0.0/8]
                  hosts: {'192.0.2.1:443': '%s', '192.0.2.9:443': '%s'}
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                dns: {upstreams: ['127.0.0.1:%d'], timeout: 10s}
                """.formatted(origin.authority(), origin.authority(), server.port()), POLICY, clock);
    }
}
