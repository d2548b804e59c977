package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingDns.addresses;
import static io.postern.gateway.e2e.TestingDns.ede;
import static io.postern.gateway.e2e.TestingSocks.all;
import static io.postern.gateway.e2e.TestingSocks.heard;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.resolve.TestingNameServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.HTTPSRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SVCBBase;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import tools.jackson.databind.JsonNode;

/** What is told otherwise than servers say, and who else may be asked. */
@Timeout(120)
class DnsAnswersIT {

    private static final String NO_OTHER_RESOLVERS = """
            rules:
              - {name: no-doh, when: {service-class: doh-resolver}, action: block, mode: enforce}
              - {name: no-dot, when: {protocol: [tls, quic], port: [853]}, action: block, mode: enforce}
              - {name: no-dns, when: {protocol: dns}, action: block, mode: enforce}
            """;

    @TempDir
    Path dir;

    @Test
    void hostsThatAreWrittenDownAreToldToDevicesToo() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(
                        server,
                        "hosts: {intra.acme.example: [10.1.2.3, '2001:db8::7'], port.acme.example: '127.0.0.1:8443'}",
                        "",
                        "")) {
            assertThat(addresses(ask(gateway, "Intra.acme.example.", Type.A))).containsExactly("10.1.2.3");
            assertThat(ask(gateway, "intra.acme.example.", Type.AAAA).getSection(Section.ANSWER))
                    .singleElement()
                    .asString()
                    .contains("2001:db8:0:0:0:0:0:7");
            Message other = ask(gateway, "intra.acme.example.", Type.HTTPS);
            assertThat(other.getRcode()).isEqualTo(Rcode.NOERROR);
            assertThat(other.getSection(Section.ANSWER)).isEmpty();
            assertThat(server.asked()).isEmpty();
            // An address with a port of its own cannot be told.
            assertThat(addresses(ask(gateway, "port.acme.example.", Type.A))).containsExactly("192.0.2.1");
        }
    }

    /** Also lists of senders, which say that they know one by an address of the loopback network (RFC 5782 section 2.1). */
    @ParameterizedTest
    @CsvSource({"wiki, .corp.example, 10.0.0.5", "2.0.0.127, .bl.example, 127.0.0.2"})
    void namesOfTheInsideMayHaveItsAddresses(String name, String zone, String address) throws Exception {
        try (TestingNameServer server = TestingNameServer.start(asked -> {
                    asked.address(address);
                    asked.send();
                });
                TestingGateway gateway = gateway(server, "192.0.2.0/24", "", "private-zones: [" + zone + "]", "")) {
            assertThat(addresses(ask(gateway, name + zone + ".", Type.A))).containsExactly(address);
            Message rebinds = ask(gateway, name + ".other.example.", Type.A);
            assertThat(addresses(rebinds)).isEmpty();
            assertThat(ede(rebinds)).isEqualTo(15);
        }
    }

    /** A device would be told of the resolvers that this one asks, and ask them itself; names of the inside are nobody's. */
    @Test
    void whatMeansSomethingInsideAloneIsNotAskedForOutside() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway =
                        gateway(server, "hosts: {nas.local: 10.1.2.3}", "private-zones: [.corp.home.arpa]", "")) {
            Message designated = ask(gateway, "_dns.resolver.arpa.", Type.SVCB);
            assertThat(designated.getRcode()).isEqualTo(Rcode.NOERROR);
            assertThat(designated.getSection(Section.ANSWER)).isEmpty();
            for (String name : List.of("printer.local.", "nas.home.arpa.", "5.0.168.192.in-addr.arpa.", "a.alt.")) {
                assertThat(ask(gateway, name, Type.PTR).getRcode()).as(name).isEqualTo(Rcode.NXDOMAIN);
            }
            assertThat(addresses(ask(gateway, "nas.local.", Type.A))).containsExactly("10.1.2.3");
            assertThat(server.asked()).isEmpty();
            assertThat(addresses(ask(gateway, "wiki.corp.home.arpa.", Type.A))).containsExactly("192.0.2.1");
        }
    }

    /** Told as it is; left out by whoever writes why, who and until when, and no longer. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|true",
                "strip-ech: {reason: lab, approver: dpo, until: 2999-01-01}|false",
                "strip-ech: {reason: lab, approver: dpo, until: 2020-01-01}|true"
            })
    void echIsLeftOutByWrittenPolicyAlone(@Nullable String setting, boolean told) throws Exception {
        List<SVCBBase.ParameterBase> parameters = List.of(
                new SVCBBase.ParameterAlpn(List.of("h2")), new SVCBBase.ParameterEch(new byte[] {0, 4, 1, 2, 3, 4}));
        try (TestingNameServer server = TestingNameServer.start(asked -> {
                    Name name = asked.query().getQuestion().getName();
                    asked.reply()
                            .addRecord(new HTTPSRecord(name, DClass.IN, 60, 1, Name.root, parameters), Section.ANSWER);
                    asked.send();
                });
                TestingGateway gateway = gateway(server, "", setting == null ? "" : setting, "")) {
            // From the server, and from memory.
            for (int i = 0; i < 2; i++) {
                assertThat(ask(gateway, "www.acme.example.", Type.HTTPS).getSection(Section.ANSWER))
                        .singleElement()
                        .isInstanceOfSatisfying(HTTPSRecord.class, record -> {
                            assertThat(record.getSvcParamValue(HTTPSRecord.ALPN))
                                    .isNotNull();
                            assertThat(record.getSvcParamValue(HTTPSRecord.ECH) != null)
                                    .isEqualTo(told);
                        });
            }
            assertThat(server.asked()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"canary: true, NXDOMAIN", "canary: false, NOERROR"})
    void browsersAreAskedToLeaveTheirOwnOffAsWritten(String setting, String code) throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server, "", setting, "")) {
            assertThat(Rcode.string(
                            ask(gateway, "use-application-dns.net.", Type.A).getRcode()))
                    .isEqualTo(code);
        }
    }

    @Test
    void otherResolversAreBlockedByTheirClassTheirPortAndWhatIsSpoken() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = gateway(
                        server,
                        "hosts: {'192.0.2.1:443': '%1$s', '192.0.2.1:853': '%1$s', '192.0.2.1:5353': '%1$s', '8.8.8.8:443': '%1$s'}"
                                .formatted(origin.authority()),
                        "",
                        NO_OTHER_RESOLVERS)) {
            assertThat(ask(gateway, "dns.google.", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
            ends(gateway, origin, "192.0.2.1:443", text(TestingHello.bytes("dns.google")), "no-doh");
            ends(gateway, origin, "192.0.2.1:853", text(TestingHello.bytes("resolver.example")), "no-dot");
            byte[] question = question("www.acme.example.", Type.A).toWire();
            String framed = "\0" + (char) question.length + text(question);
            ends(gateway, origin, "192.0.2.1:5353", framed, "no-dns");
            // With an RCODE, which no question has and servers pass over.
            question[3] |= 3;
            ends(gateway, origin, "192.0.2.1:5353", "\0" + (char) question.length + text(question), "no-dns");
            // By the address that an app carries with it, before a word is said.
            try (TestingConnection client = TestingClient.to(gateway)) {
                client.send(all("com.acme.mail", "8.8.8.8:443"));
                assertThat(client.read(14)).isEqualTo(heard(TestingSocks.reply(2)));
            }
        }
    }

    private static void ends(TestingGateway gateway, TestingOrigin origin, String to, String says, String rule)
            throws Exception {
        int before = gateway.records().size();
        try (TestingConnection client = TestingClient.to(gateway)) {
            client.send(all("com.acme.mail", to));
            assertThat(client.read(14)).isEqualTo(heard(TestingSocks.OPENED));
            try (TestingConnection server = origin.accept()) {
                client.send(says);
                assertThat(server).isNotNull();
                JsonNode line = org.awaitility.Awaitility.await()
                        .until(gateway::records, lines -> lines.size() > before)
                        .get(before);
                assertThat(line.at("/firewall_rule/name").asString()).isEqualTo(rule);
                assertThat(line.at("/unmapped/postern/verdict").asString()).isEqualTo("block");
                assertThat(line.at("/traffic/bytes_out").asInt(-1)).isZero();
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static Message question(String name, int type) throws Exception {
        return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
    }

    private static Message ask(TestingGateway gateway, String name, int type) throws Exception {
        SimpleResolver resolver = new SimpleResolver(gateway.address("names"));
        resolver.setTimeout(Duration.ofSeconds(20));
        return resolver.send(question(name, type));
    }

    private TestingGateway gateway(TestingNameServer server, String upstream, String dns, String policy)
            throws Exception {
        return gateway(server, "192.0.2.0/24, 127.0.0.0/8", upstream, dns, policy);
    }

    /** @param networks that flows may go to beside the world */
    private TestingGateway gateway(
            TestingNameServer server, String networks, String upstream, String dns, String policy) throws Exception {
        Files.writeString(dir.resolve("addresses.csv"), "address,device,profile,app,proof\n127.0.0.1,LC01,work,-\n");
        return TestingGateway.start(dir, """
                listeners:
                  - {name: names, type: dns, bind: '127.0.0.1:0'}
                  - {name: apps, type: socks5, bind: '127.0.0.1:0'}
                upstream: {allow-networks: [%s], %s}
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                dns: {upstreams: ['127.0.0.1:%d'], timeout: 10s, %s}
                """.formatted(networks, upstream, server.port(), dns), policy);
    }
}
