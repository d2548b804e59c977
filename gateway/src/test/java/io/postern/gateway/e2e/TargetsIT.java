package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where nobody may go, however it is written and whatever a name resolves to: refused, counted, never dialled. */
@ExtendWith(QuietLog.class)
class TargetsIT {

    private static final String ERRORS = "postern_client_errors_total{ingress=\"http-connect\",reason=\"malformed\"}";

    @TempDir
    static Path dir;

    private static TestingOrigin origin;
    private static TestingGateway gateway;

    /** Nothing special-purpose is allowed here; names lead to every kind of it. */
    @BeforeAll
    static void start() throws Exception {
        origin = new TestingOrigin();
        gateway = TestingGateway.start(dir, """
                upstream:
                  connect-timeout: 1s
                  deny-networks: ['198.41.0.0/24']
                  hosts:
                    loopback.acme.example: '127.0.0.1:%1$d'
                    loopback6.acme.example: '::1'
                    private.acme.example: ['10.0.0.1', '192.168.1.1', '172.16.0.1']
                    metadata.acme.example: '169.254.169.254'
                    azure.acme.example: '168.63.129.16'
                    alibaba.acme.example: '100.100.100.200'
                    ec2.acme.example: 'fd00:ec2::254'
                    shared.acme.example: '100.64.0.1'
                    unique.acme.example: 'fd12:3456::1'
                    link.acme.example: 'fe80::1'
                    any.acme.example: '0.0.0.0'
                    nat64.acme.example: '64:ff9b::10.0.0.1'
                    nat64-loopback.acme.example: '64:ff9b::127.0.0.1'
                    nat64-metadata.acme.example: '64:ff9b::169.254.169.254'
                    nat64-local.acme.example: '64:ff9b:1::808:808'
                    six.acme.example: '2002:0a00:0001::1'
                    teredo.acme.example: '2001:0:0a00:1::1'
                    multicast.acme.example: '224.0.0.1'
                    broadcast.acme.example: '255.255.255.255'
                    documentation.acme.example: '192.0.2.1'
                    denied.acme.example: '198.41.0.4'
                """.formatted(origin.port()), "");
    }

    @AfterAll
    static void leavesNothing() throws Exception {
        gateway.awaitNothingLeft();
        assertThat(origin.untouched()).isTrue();
        gateway.close();
        origin.close();
    }

    @ParameterizedTest
    @CsvSource({
        "loopback, loopback",
        "loopback6, loopback",
        "private, private",
        "metadata, metadata",
        "azure, metadata",
        "alibaba, metadata",
        "ec2, metadata",
        "shared, shared",
        "unique, unique-local",
        "link, link-local",
        "any, this-network",
        "nat64, private",
        "nat64-loopback, loopback",
        "nat64-metadata, metadata",
        "nat64-local, local-nat64",
        "six, six-to-four",
        "teredo, teredo",
        "multicast, multicast",
        "broadcast, broadcast",
        "documentation, documentation",
        "denied, denied"
    })
    void aNameThatLeadsIntoAProtectedNetworkIsRefused(String name, String reason) throws Exception {
        String target = name + ".acme.example:443";
        String sample = "postern_egress_refused_total{reason=\"" + reason + "\"}";
        double before = gateway.metric(sample);
        assertThat(connect(target))
                .startsWith("HTTP/1.1 403 Forbidden\r\nProxy-Status: postern; error=destination_ip_prohibited\r\n");
        gateway.awaitMetricAtLeast(sample, before + 1);
        assertThat(gateway.record(line ->
                                line.at("/dst_endpoint/hostname").asString("").equals(name + ".acme.example"))
                        .at("/activity_id")
                        .asInt())
                .isEqualTo(5);
        assertThat(absolute("http://" + target + "/", target)).startsWith("HTTP/1.1 403 Forbidden\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "10.1.2.3",
                "169.254.169.254",
                "[64:ff9b::7f00:1]",
                "[fe80::1]",
                "0.0.0.0",
                "[::]"
            })
    void anAddressInAProtectedNetworkIsRefused(String host) throws Exception {
        String target = host + ":" + origin.port();
        assertThat(connect(target))
                .startsWith("HTTP/1.1 403 Forbidden\r\nProxy-Status: postern; error=destination_ip_prohibited\r\n");
        assertThat(absolute("http://" + target + "/", target)).startsWith("HTTP/1.1 403 Forbidden\r\n");
    }

    /** Facts of egress E4: each could be read as another destination by somebody. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "user@127.0.0.1:443",
                "user:secret@acme.example:443",
                "[acme.example]:443",
                "[127.0.0.1]:443",
                "127.1:443",
                "0177.0.0.1:443",
                "0x7f.0.0.1:443",
                "0x7f000001:443",
                "2130706433:443",
                "127.0.0.1.:443",
                "127.0.0.01:443",
                "127.0.0.256:443",
                "1.2.3.4.5:443",
                "[fe80::1%25eth0]:443",
                "[fe80::1%eth0]:443",
                "fe80::1:443",
                "[::1:443",
                "::1]:443",
                "[::1]x:443",
                "acme.example%00.evil.example:443",
                "acme%2eexample:443",
                "acme..example:443",
                ".acme.example:443",
                "-acme.example:443",
                "acme_host.example:443",
                "acme.example/:443",
                "acme.example:443/",
                "acme.example?:443",
                "acme.example#:443",
                "acme.example\\:443",
                "acme.example",
                "acme.example:",
                "acme.example:0",
                "acme.example:65536",
                "acme.example:+443",
                "acme.example:0x1bb",
                "acme.example:443:443",
                ":443",
                "http://acme.example:443"
            })
    void aTargetThatIsNotOneHostAndPortIs400(String target) throws Exception {
        double before = gateway.metric(ERRORS);
        assertThat(connect(target))
                .startsWith("HTTP/1.1 400 Bad Request\r\nProxy-Status: postern; error=http_request_error\r\n");
        gateway.awaitMetric(ERRORS, before + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://user@acme.example/",
                "http://user:secret@127.0.0.1/",
                "http://[acme.example]/",
                "http://127.1/",
                "http://0x7f.1/",
                "http://2130706433/",
                "http://[fe80::1%25eth0]/",
                "http://acme.example:0/",
                "http://acme.example:99999/",
                "http:///path",
                "http://",
                "https://acme.example/",
                "ftp://acme.example/",
                "file:///etc/passwd",
                "http:acme.example",
                "/path",
                "*",
                "acme.example:80"
            })
    void aTargetThatIsNotAbsoluteFormIs400(String target) throws Exception {
        double before = gateway.metric(ERRORS);
        assertThat(absolute(target, "acme.example")).startsWith("HTTP/1.1 400 Bad Request\r\n");
        gateway.awaitMetric(ERRORS, before + 1);
    }

    @Test
    void aNameOfMoreThan253OctetsIs400() throws Exception {
        String label = "a".repeat(62) + ".";
        assertThat(connect(label.repeat(4) + "ab:443")).startsWith("HTTP/1.1 400 ");
        assertThat(connect("a".repeat(64) + ".example:443")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void bytesThatAreNoTextAre400() throws Exception {
        assertThat(connect("acme\0.example:443")).startsWith("HTTP/1.1 400 ");
        assertThat(connect("acm\u00e9.example:443")).startsWith("HTTP/1.1 400 ");
        assertThat(connect("acme.example\t:443")).startsWith("HTTP/1.1 400 ");
    }

    /** Even where loopback is allowed, the gateway never dials itself. */
    @Test
    void ourOwnListenersAreRefused(@TempDir Path own) throws Exception {
        try (TestingGateway here = TestingGateway.start(own)) {
            for (int port : new int[] {
                here.address().getPort(), here.gateway().adminAddress().getPort()
            }) {
                for (String host : new String[] {"127.0.0.1", "[::ffff:127.0.0.1]"}) {
                    String target = host + ":" + port;
                    try (TestingConnection client = TestingClient.to(here)) {
                        assertThat(client.send(TestingClient.connect(target, TestingClient.APP))
                                        .rest())
                                .startsWith("HTTP/1.1 403 Forbidden\r\n"
                                        + "Proxy-Status: postern; error=destination_ip_prohibited\r\n");
                    }
                }
            }
            here.awaitMetric("postern_egress_refused_total{reason=\"own-address\"}", 4);
        }
    }

    private static String connect(String target) throws Exception {
        try (TestingConnection client = TestingClient.to(gateway)) {
            return client.send(TestingClient.connect(target, TestingClient.APP)).rest();
        }
    }

    private static String absolute(String target, String host) throws Exception {
        try (TestingConnection client = TestingClient.to(gateway)) {
            return client.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n"
                            + TestingClient.authorization(TestingClient.APP) + "\r\n")
                    .rest();
        }
    }
}
