package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingDns.addresses;
import static io.postern.gateway.e2e.TestingDns.ede;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.resolve.TestingNameServer;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** A response policy zone speaks of who asks and of where answers lead, and not only of names. */
@Timeout(120)
class ZoneTriggersIT {

    private static final Map<String, String> ADDRESSES =
            Map.of("listed", "192.0.2.65", "fine", "192.0.2.67", "astray", "192.0.2.69");
    private static final String APP = "127.0.0.2";
    private static final String SPARED = "127.0.0.9";
    private static final String HELD = "127.0.0.10";

    @TempDir
    Path dir;

    @Test
    void namesThatLeadToListedAddressesAreNotFound() throws Exception {
        try (TestingNameServer server = server();
                TestingGateway gateway = gateway(server, "action: block, mode: enforce")) {
            for (String from : new String[] {"the server", "memory"}) {
                Message hidden = ask(gateway, APP, "listed.example.");
                assertThat(hidden.getRcode()).as(from).isEqualTo(Rcode.NXDOMAIN);
                assertThat(ede(hidden)).isEqualTo(15);
            }
            assertThat(addresses(ask(gateway, APP, "astray.example."))).containsExactly("192.0.2.77");
            assertThat(addresses(ask(gateway, APP, "fine.example."))).containsExactly("192.0.2.67");
            assertThat(addresses(ask(gateway, APP, "other.example."))).containsExactly("192.0.2.1");
            assertThat(server.asked()).hasSize(4);
        }
    }

    /** As trackers do that take a name below their customer's. */
    @Test
    void namesThatAreAliasesOfListedOnesAreNotFound() throws Exception {
        try (TestingNameServer server = server();
                TestingGateway gateway = gateway(server, "action: block, mode: enforce")) {
            for (String from : new String[] {"the server", "memory"}) {
                assertThat(ask(gateway, APP, "cloak.example.").getRcode())
                        .as(from)
                        .isEqualTo(Rcode.NXDOMAIN);
            }
            assertThat(addresses(ask(gateway, SPARED, "cloak.example."))).containsExactly("192.0.2.1");
        }
    }

    @Test
    void whoAsksIsHeldOrSparedWhateverFor() throws Exception {
        try (TestingNameServer server = server();
                TestingGateway gateway = gateway(server, "action: block, mode: enforce")) {
            assertThat(ask(gateway, HELD, "other.example.").getRcode()).isEqualTo(Rcode.NXDOMAIN);
            assertThat(server.asked()).isEmpty();
            assertThat(addresses(ask(gateway, SPARED, "named.example."))).containsExactly("192.0.2.1");
            assertThat(addresses(ask(gateway, SPARED, "listed.example."))).containsExactly("192.0.2.65");
            assertThat(ask(gateway, APP, "named.example.").getRcode()).isEqualTo(Rcode.NXDOMAIN);
        }
    }

    @Test
    void whatIsOnlyWatchedIsToldTheTruth() throws Exception {
        try (TestingNameServer server = server();
                TestingGateway gateway = gateway(server, "action: block, mode: shadow")) {
            assertThat(addresses(ask(gateway, APP, "listed.example."))).containsExactly("192.0.2.65");
            assertThat(addresses(ask(gateway, APP, "other.example."))).containsExactly("192.0.2.1");
            gateway.awaitMetric("postern_would_block_total{rule=\"zone\"}", 1);
        }
    }

    /** The system asks for all apps; whose flow it is will be known when it comes. */
    @Test
    void aRuleAboutAnAppHidesNothingFromTheSystem() throws Exception {
        try (TestingNameServer server = server();
                TestingGateway gateway = gateway(server, "action: block, mode: enforce", ", app: com.acme.mail")) {
            assertThat(addresses(ask(gateway, "127.0.0.1", "listed.example."))).containsExactly("192.0.2.65");
            assertThat(ask(gateway, APP, "listed.example.").getRcode()).isEqualTo(Rcode.NXDOMAIN);
        }
    }

    private static TestingNameServer server() throws Exception {
        return TestingNameServer.start(asked -> {
            String name =
                    asked.query().getQuestion().getName().getLabelString(0).toLowerCase(Locale.ROOT);
            if (name.equals("cloak")) {
                asked.alias("cloak.example", 60, "named.example").address("named.example", 60, "192.0.2.1");
            } else {
                asked.address(ADDRESSES.getOrDefault(name, "192.0.2.1"));
            }
            asked.send();
        });
    }

    private static Message ask(TestingGateway gateway, String from, String name) throws Exception {
        SimpleResolver resolver = new SimpleResolver(gateway.address("names"));
        resolver.setLocalAddress(new InetSocketAddress(from, 0));
        resolver.setTimeout(Duration.ofSeconds(20));
        return resolver.send(Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN)));
    }

    private TestingGateway gateway(TestingNameServer server, String effect) throws Exception {
        return gateway(server, effect, "");
    }

    private TestingGateway gateway(TestingNameServer server, String effect, String when) throws Exception {
        Files.writeString(dir.resolve("addresses.csv"), """
                address,device,profile,app,proof
                127.0.0.0/8,LC01,work,-
                127.0.0.2,LC01,work,com.acme.mail
                """);
        Files.writeString(dir.resolve("zone.rpz"), """
                $ORIGIN rpz.local.
                @ 1h SOA localhost. root.localhost. 1 1h 15m 30d 2h
                named.example CNAME .
                26.64.2.0.192.rpz-ip CNAME .
                32.67.2.0.192.rpz-ip CNAME rpz-passthru.
                30.68.2.0.192.rpz-ip A 192.0.2.77
                29.8.0.0.127.rpz-client-ip CNAME .
                32.9.0.0.127.rpz-client-ip CNAME rpz-passthru.
                """);
        return TestingGateway.start(dir, """
                listeners: [{name: names, type: dns, bind: '127.0.0.1:0'}]
                upstream: {allow-networks: [192.0.2.0/24]}
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                dns: {upstreams: ['127.0.0.1:%d'], timeout: 10s}
                """.formatted(server.port()), """
                lists: {zone: {files: [zone.rpz], format: rpz}}
                rules: [{name: zone, when: {list: zone%s}, %s}]
                """.formatted(when, effect));
    }
}
