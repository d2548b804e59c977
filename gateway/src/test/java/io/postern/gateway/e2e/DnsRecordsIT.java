package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.dns.resolve.TestingNameServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What devices ask is written down where that is switched on, with no more than may be told. */
@Timeout(120)
class DnsRecordsIT {

    private static final String POLICY = """
            rules:
              - {name: no-ads, when: {destination: ["*.ads.example"]}, action: block, mode: enforce}
            """;

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aQuestionIsALineWithItsAnswer(boolean tcp) throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "work", "dns.ndjson")) {
            ask(gateway, tcp, "www.acme.example.");
            ask(gateway, tcp, "a.ads.example.");
            List<JsonNode> lines = lines(2);
            JsonNode found = lines.get(0);
            assertThat(found.at("/query/hostname").asString()).isEqualTo("www.acme.example");
            assertThat(found.at("/answers/0/rdata").asString()).isEqualTo("192.0.2.1");
            assertThat(found.at("/rcode").asString()).isEqualTo("NoError");
            assertThat(found.at("/device/uid").asString()).isEqualTo("LC01");
            assertThat(found.at("/actor/app_uid").asString()).isEqualTo("netd");
            assertThat(found.at("/connection_info/protocol_name").asString()).isEqualTo(tcp ? "tcp" : "udp");
            JsonNode blocked = lines.get(1);
            assertThat(blocked.at("/firewall_rule/name").asString()).isEqualTo("no-ads");
            assertThat(blocked.at("/disposition_id").asInt()).isEqualTo(2);
            assertThat(blocked.at("/unmapped/postern/ede").asInt()).isEqualTo(15);
        }
    }

    @Test
    void ofAPersonalProfileTheRegistrableDomainIsTold() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "personal", "dns.ndjson")) {
            ask(gateway, false, "my.doctor.example.");
            JsonNode line = lines(1).get(0);
            assertThat(line.at("/query/hostname").asString()).isEqualTo("doctor.example");
            assertThat(line.has("answers")).isFalse();
        }
    }

    @Test
    void nothingIsWrittenUnlessItIsAskedFor() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "work", "none")) {
            ask(gateway, false, "www.acme.example.");
        }
        try (var files = Files.walk(dir)) {
            assertThat(files).noneMatch(file -> file.getFileName().toString().startsWith("dns.ndjson"));
        }
    }

    private List<JsonNode> lines(int most) {
        Path file = dir.resolve("dns.ndjson");
        return await()
                .until(
                        () -> Files.exists(file) ? Files.readAllLines(file) : List.<String>of(),
                        all -> all.size() >= most)
                .stream()
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
    }

    private static void ask(TestingGateway gateway, boolean tcp, String name) throws Exception {
        SimpleResolver resolver = new SimpleResolver(gateway.address("names"));
        resolver.setTCP(tcp);
        resolver.setTimeout(Duration.ofSeconds(20));
        Message question = Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN));
        assertThat(resolver.send(question).getHeader().getID())
                .isEqualTo(question.getHeader().getID());
    }

    private TestingGateway gateway(TestingNameServer server, String profile, String file) throws Exception {
        Files.writeString(
                dir.resolve("addresses.csv"), "address,device,profile,app,proof\n127.0.0.1,LC01," + profile + ",-\n");
        return TestingGateway.start(dir, """
                listeners: [{name: names, type: dns, bind: '127.0.0.1:0'}]
                upstream: {allow-networks: [192.0.2.0/24]}
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                dns: {upstreams: ['127.0.0.1:%d'], timeout: 10s}
                privacy: {personal-profiles: [personal]}
                records: {flows: {file: flows.ndjson}, dns: {file: %s}}
                """.formatted(server.port(), file), POLICY);
    }
}
