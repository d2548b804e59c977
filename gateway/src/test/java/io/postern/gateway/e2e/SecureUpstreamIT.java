package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.resolve.TestingNameServer;
import io.postern.gateway.real.Ports;
import io.postern.gateway.real.SelfSigned;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * Servers inside TLS, played by another gateway whose own servers are the test's: they are asked by few connections, only
 * where their certificate is good, and their restarts are nobody's affair.
 */
@Timeout(120)
class SecureUpstreamIT {

    @TempDir
    private Path dir;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (int each = open.size() - 1; each >= 0; each--) {
            open.get(each).close();
        }
    }

    private <T extends AutoCloseable> T kept(T one) {
        open.add(one);
        return one;
    }

    /** A gateway that answers inside TLS. */
    private TestingGateway far(SelfSigned certificate, TestingNameServer server, int port) throws Exception {
        String listener = "{name: %s, type: dns, bind: '127.0.0.1:%d', networks: [127.0.0.0/8], %s tls: {certificate: '"
                + certificate.certificate() + "', key: '" + certificate.key() + "'}}";
        return TestingGateway.start(
                Files.createDirectory(dir.resolve("far" + System.nanoTime())),
                "listeners: [" + listener.formatted("tls", port, "") + ", "
                        + listener.formatted("doh", 0, "doh-path: /dns-query,")
                        + "]\nupstream: {allow-networks: [192.0.2.0/24]}\ndns: {upstreams: ['127.0.0.1:"
                        + server.port() + "'], queries-per-second: 100000, timeout: 10s}\n",
                "");
    }

    private TestingGateway near(SelfSigned trusted, String upstreams, String dns) throws Exception {
        return kept(TestingGateway.start(
                Files.createDirectory(dir.resolve("near" + System.nanoTime())),
                "listeners: [{name: names, type: dns, bind: '127.0.0.1:0', networks: [127.0.0.0/8]}]\n"
                        + "upstream: {allow-networks: [192.0.2.0/24]}\ndns: {upstreams: [" + upstreams
                        + "], bootstrap: {dns.acme.example: 127.0.0.1, other.example: 127.0.0.1}, ca-file: '"
                        + trusted.certificate() + "', queries-per-second: 100000, " + dns + "}\n",
                ""));
    }

    private static String upstream(TestingGateway far, String kind, String host) {
        return kind.equals("tls")
                ? "'tls://" + host + ":" + far.address("tls").getPort() + "'"
                : "'https://" + host + ":" + far.address("doh").getPort() + "/dns-query'";
    }

    private static Message ask(TestingGateway gateway, String name) throws Exception {
        SimpleResolver resolver = new SimpleResolver(gateway.address("names"));
        resolver.setTimeout(Duration.ofSeconds(20));
        return resolver.send(query(name));
    }

    private static Message query(String name) {
        return Message.newQuery(Record.newRecord(Name.fromConstantString(name), Type.A, DClass.IN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls", "https"})
    void manyQuestionsShareFewConnections(String kind) throws Exception {
        SelfSigned certificate = SelfSigned.mint(dir, "dns.acme.example");
        TestingNameServer server = kept(TestingNameServer.start(TestingNameServer.Asked::addresses));
        TestingGateway far = kept(far(certificate, server, 0));
        TestingGateway near = near(certificate, upstream(far, kind, "dns.acme.example"), "timeout: 20s");
        SimpleResolver resolver = new SimpleResolver(near.address("names"));
        resolver.setTimeout(Duration.ofSeconds(20));
        List<CompletableFuture<Message>> all = new ArrayList<>();
        for (int each = 0; each < 100; each++) {
            all.add(resolver.sendAsync(query("a" + each + ".acme.example.")).toCompletableFuture());
        }
        for (CompletableFuture<Message> each : all) {
            assertThat(TestingDns.addresses(each.get())).containsExactly("192.0.2.1");
        }
        assertThat(near.metric("postern_dns_connections"))
                .isBetween(1.0, 8.0 * Runtime.getRuntime().availableProcessors());
        String transport = kind.equals("tls") ? "tls" : "doh";
        far.awaitMetric(
                "postern_dns_queries_total{rcode=\"noerror\",transport=\"" + transport + "\",verdict=\"allow\"}", 100);
    }

    /** Another name, or another signer: nothing is asked of whoever that is. */
    @ParameterizedTest
    @ValueSource(strings = {"tls other.example", "https other.example", "tls 127.0.0.1", "https 127.0.0.1", "signer"})
    void aServerThatIsNotWhoItShouldBeIsNotAsked(String what) throws Exception {
        SelfSigned certificate = SelfSigned.mint(dir, "dns.acme.example");
        TestingNameServer server = kept(TestingNameServer.start(TestingNameServer.Asked::addresses));
        TestingGateway far = kept(far(certificate, server, 0));
        SelfSigned trusted = what.equals("signer")
                ? SelfSigned.mint(Files.createDirectory(dir.resolve("x")), "dns.acme.example")
                : certificate;
        String upstream = what.equals("signer")
                ? upstream(far, "tls", "dns.acme.example")
                : upstream(far, what.split(" ", -1)[0], what.split(" ", -1)[1]);
        TestingGateway near = near(trusted, upstream, "timeout: 3s");
        assertThat(ask(near, "www.acme.example.").getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(server.asked()).isEmpty();
    }

    /** What was idle when the server went is noticed with the next question, which is asked again. */
    @Test
    void aRestartLosesNothing() throws Exception {
        SelfSigned certificate = SelfSigned.mint(dir, "dns.acme.example");
        TestingNameServer server = kept(TestingNameServer.start(TestingNameServer.Asked::addresses));
        int port = Ports.free();
        TestingGateway far = far(certificate, server, port);
        TestingGateway near = near(certificate, upstream(far, "tls", "dns.acme.example"), "timeout: 20s");
        assertThat(TestingDns.addresses(ask(near, "one.acme.example."))).containsExactly("192.0.2.1");
        far.close();
        kept(far(certificate, server, port));
        assertThat(TestingDns.addresses(ask(near, "two.acme.example."))).containsExactly("192.0.2.1");
    }

    /** A second server is asked as well once the first has taken longer than usual. */
    @Test
    void aSlowServerIsHelped() throws Exception {
        TestingNameServer slow = kept(TestingNameServer.start(asked -> {}));
        TestingNameServer quick = kept(TestingNameServer.start(TestingNameServer.Asked::addresses));
        SelfSigned certificate = SelfSigned.mint(dir, "dns.acme.example");
        TestingGateway near =
                near(certificate, "'127.0.0.1:" + slow.port() + "', '127.0.0.1:" + quick.port() + "'", "timeout: 1m");
        assertThat(TestingDns.addresses(ask(near, "one.acme.example."))).containsExactly("192.0.2.1");
        assertThat(slow.asked()).hasSize(1);
        assertThat(quick.asked()).hasSize(1);
        near.awaitMetric("postern_dns_hedged_total", 1);
    }
}
