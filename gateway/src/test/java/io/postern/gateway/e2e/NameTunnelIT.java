package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.json;
import static io.postern.gateway.e2e.TestingSocks.all;
import static io.postern.gateway.e2e.TestingSocks.heard;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.analytics.attack.KeyRoom;
import io.postern.analytics.attack.Settings;
import io.postern.dns.resolve.TestingNameServer;
import io.postern.gateway.analytics.Detecting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
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

/** What is said to somebody by asking the gateway for names of his is found as what is said by asking others is. */
@Timeout(120)
class NameTunnelIT {

    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final String APP = "com.acme.mail";

    @TempDir
    Path dir;

    private final Random random = new Random(7);

    @Test
    void aTunnelThroughTheGatewaysOwnResolverIsFound() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(asked -> {
                    if (asked.query().getQuestion().getType() == Type.TXT) {
                        asked.text("a command");
                        asked.send();
                    } else {
                        asked.addresses();
                    }
                });
                TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = gateway(server, origin)) {
            for (int host = 1; host <= 4; host++) {
                flow(gateway, origin, "host" + host + ".example");
            }
            for (int each = 0; each < 200; each++) {
                ask(gateway, said(80) + ".tunnel.example.", each % 10 < 7 ? Type.TXT : Type.A);
            }
            TestingAdmin admin = TestingAdmin.of(gateway);
            JsonNode found = await().atMost(Duration.ofSeconds(20))
                    .until(() -> json(admin.get("/v1/findings")).at("/findings"), all -> all.size() > 0)
                    .get(0);
            assertThat(found.at("/finding_info/analytic/uid").asString()).isEqualTo("AN1793");
            assertThat(found.at("/device/uid").asString()).isEqualTo("LC01");
            String explained = admin.get(
                            "/v1/explain/" + found.at("/finding_info/uid").asString(), "accept", "text/plain")
                    .body();
            assertThat(explained).contains("netd", "tunnel.example", "connects to none of them");
        }
    }

    /** As many letters that carry something, in labels. */
    private String said(int letters) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < letters; i++) {
            if (i > 0 && i % 60 == 0) {
                name.append('.');
            }
            name.append(BASE32.charAt(random.nextInt(BASE32.length())));
        }
        return name.toString();
    }

    private static void flow(TestingGateway gateway, TestingOrigin origin, String host) throws Exception {
        try (TestingConnection client = TestingClient.to(gateway)) {
            client.send(all(APP, host + ":443"));
            assertThat(client.read(14)).isEqualTo(heard(TestingSocks.OPENED));
            try (TestingConnection server = origin.accept()) {
                client.send("\0ping");
                assertThat(server.read(5)).isEqualTo("\0ping");
            }
        }
    }

    private static void ask(TestingGateway gateway, String name, int type) throws Exception {
        SimpleResolver resolver = new SimpleResolver(gateway.address("names"));
        resolver.setTimeout(Duration.ofSeconds(20));
        Message answer = resolver.send(Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN)));
        assertThat(answer.getRcode()).isZero();
    }

    private TestingGateway gateway(TestingNameServer server, TestingOrigin origin) throws Exception {
        Files.writeString(dir.resolve("addresses.csv"), "address,device,profile,app,proof\n127.0.0.1,LC01,work,-\n");
        StringBuilder hosts = new StringBuilder();
        for (int host = 1; host <= 4; host++) {
            hosts.append("'host")
                    .append(host)
                    .append(".example:443': '")
                    .append(origin.authority())
                    .append("', ");
        }
        Detecting five = Detecting.five(Settings.DEFAULTS, KeyRoom.unbounded(), finding -> {})
                .orElseThrow();
        return TestingGateway.start(dir, """
                listeners:
                  - {name: names, type: dns, bind: '127.0.0.1:0'}
                  - {name: apps, type: socks5, bind: '127.0.0.1:0'}
                upstream: {allow-networks: [192.0.2.0/24, 127.0.0.0/8], hosts: {%s}}
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                dns: {upstreams: ['127.0.0.1:%d'], timeout: 10s}
                """.formatted(hosts, server.port()), Clock.systemUTC(), five);
    }
}
