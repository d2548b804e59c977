package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingDns.addresses;
import static io.postern.gateway.e2e.TestingDns.ede;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.resolve.TestingNameServer;
import io.postern.dns.validate.TestingZone;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** Devices and flows have what its owner has signed, or nothing. */
@Timeout(120)
class DnssecIT {

    @TempDir
    Path dir;

    private TestingZone zone;

    @BeforeEach
    void aZone() throws Exception {
        zone = new TestingZone("acme.example.")
                .add(a("www.acme.example.", "192.0.2.1"))
                .unsigned("plain.acme.example.", a("www.plain.acme.example.", "192.0.2.2"));
    }

    private static Record a(String owner, String address) throws Exception {
        return new ARecord(Name.fromString(owner), DClass.IN, 300, InetAddress.getByName(address));
    }

    @Test
    void whatIsSignedIsToldAsAuthenticToWhoAsksForThat() throws Exception {
        try (TestingNameServer server = server();
                TestingGateway gateway = gateway(server, "")) {
            Message plainly = ask(gateway, "www.acme.example.", 0, false);
            assertThat(addresses(plainly)).containsExactly("192.0.2.1");
            assertThat(plainly.getHeader().getFlag(Flags.AD)).isFalse();
            Message authentic = ask(gateway, "www.acme.example.", 0, true);
            assertThat(authentic.getHeader().getFlag(Flags.AD)).isTrue();
            assertThat(authentic.getSection(Section.ANSWER)).noneMatch(RRSIGRecord.class::isInstance);
            Message signed = ask(gateway, "www.acme.example.", ExtendedFlags.DO, false);
            assertThat(signed.getHeader().getFlag(Flags.AD)).isTrue();
            assertThat(signed.getSection(Section.ANSWER)).anyMatch(RRSIGRecord.class::isInstance);
            // One question for the address and one for the key, whoever asks.
            assertThat(server.asked()).hasSize(2);
            gateway.awaitMetric("postern_dns_validated_total{result=\"secure\"}", 2);
        }
    }

    @Test
    void whatIsProvenToBeUnsignedIsToldWithoutAd() throws Exception {
        try (TestingNameServer server = server();
                TestingGateway gateway = gateway(server, "")) {
            Message answer = ask(gateway, "www.plain.acme.example.", ExtendedFlags.DO, true);
            assertThat(addresses(answer)).containsExactly("192.0.2.2");
            assertThat(answer.getHeader().getFlag(Flags.AD)).isFalse();
            gateway.awaitMetric("postern_dns_validated_total{result=\"insecure\"}", 1);
        }
    }

    @Test
    void whatIsForgedIsToldToNobodyButWhoChecksHimself() throws Exception {
        Record other = a("www.acme.example.", "192.0.2.66");
        zone.forged(reply -> {
            List<Record> answers = List.copyOf(reply.getSection(Section.ANSWER));
            if (reply.getQuestion().getType() == Type.A) {
                reply.removeRecord(answers.get(0), Section.ANSWER);
                reply.addRecord(other, Section.ANSWER);
            }
        });
        try (TestingNameServer server = server();
                TestingGateway gateway = gateway(server, "")) {
            Message answer = ask(gateway, "www.acme.example.", 0, true);
            assertThat(answer.getRcode()).isEqualTo(Rcode.SERVFAIL);
            assertThat(ede(answer)).isEqualTo(6);
            gateway.awaitMetric("postern_dns_validated_total{result=\"bogus\"}", 1);
            Message query = question("www.acme.example.", ExtendedFlags.DO, true);
            query.getHeader().setFlag(Flags.CD);
            Message unchecked = resolver(gateway).send(query);
            assertThat(addresses(unchecked)).containsExactly("192.0.2.66");
            assertThat(unchecked.getHeader().getFlag(Flags.AD)).isFalse();
            try (TestingConnection client = TestingClient.to(gateway)) {
                client.send(TestingSocks.all("com.acme.mail", "www.acme.example:443"));
                assertThat(client.read(14)).isNotEqualTo(TestingSocks.heard(TestingSocks.OPENED));
            }
        }
    }

    /** A flow that goes by what nobody has checked has no name from it. */
    @Test
    void whoeverChecksHimselfNamesNoFlow() throws Exception {
        try (TestingNameServer server = server();
                TestingGateway gateway = gateway(server, "")) {
            Message query = question("www.acme.example.", 0, false);
            query.getHeader().setFlag(Flags.CD);
            assertThat(addresses(resolver(gateway).send(query))).containsExactly("192.0.2.1");
            assertThat(addresses(ask(gateway, "www.plain.acme.example.", 0, false)))
                    .containsExactly("192.0.2.2");
            String remembered = "postern_analytic_keys{table=\"dns-answers\"}";
            // A device and its address.
            gateway.awaitMetric(remembered, 2);
            assertThat(gateway.metric(remembered)).isEqualTo(2);
        }
    }

    @Test
    void withoutTheSwitchNothingIsChecked() throws Exception {
        zone.signed(Instant.now().minus(Duration.ofDays(9)), Instant.now().minus(Duration.ofDays(8)));
        try (TestingNameServer server = TestingNameServer.start(asked -> {
                    zone.answer(asked.reply());
                    asked.reply().getHeader().setFlag(Flags.AD);
                    asked.send();
                });
                TestingGateway gateway = gateway(server, "validate: false, ")) {
            Message answer = ask(gateway, "www.acme.example.", ExtendedFlags.DO, true);
            assertThat(addresses(answer)).containsExactly("192.0.2.1");
            // Anybody on the way could have said so.
            assertThat(answer.getHeader().getFlag(Flags.AD)).isFalse();
            assertThat(server.asked()).hasSize(1);
        }
    }

    private TestingNameServer server() throws Exception {
        return TestingNameServer.start(asked -> {
            zone.answer(asked.reply());
            asked.send();
        });
    }

    private static Message question(String name, int flags, boolean authentic) throws Exception {
        Message query = Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN));
        query.addRecord(new OPTRecord(1_232, 0, 0, flags), Section.ADDITIONAL);
        if (authentic) {
            query.getHeader().setFlag(Flags.AD);
        }
        return query;
    }

    private static SimpleResolver resolver(TestingGateway gateway) throws Exception {
        SimpleResolver resolver = new SimpleResolver(gateway.address("names"));
        resolver.setTimeout(Duration.ofSeconds(20));
        return resolver;
    }

    private static Message ask(TestingGateway gateway, String name, int flags, boolean authentic) throws Exception {
        return resolver(gateway).send(question(name, flags, authentic));
    }

    private TestingGateway gateway(TestingNameServer server, String dnssec) throws Exception {
        Files.writeString(dir.resolve("addresses.csv"), "address,device,profile,app,proof\n127.0.0.1,LC01,work,-\n");
        String validate = dnssec.isEmpty() ? "validate: true, " : dnssec;
        return TestingGateway.start(
                dir, """
                listeners:
                  - {name: names, type: dns, bind: '127.0.0.1:0'}
                  - {name: apps, type: socks5, bind: '127.0.0.1:0'}
                upstream: {allow-networks: [192.0.2.0/24, 127.0.0.0/8]}
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                dns: {upstreams: ['127.0.0.1:%d'], timeout: 10s, dnssec: {%strust-anchors: ['%s']}}
                """.formatted(server.port(), validate, zone.anchor().replace('\t', ' ')), "");
    }
}
