package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.identity.TagKeyMaterial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kdig, curl and a browser with secure DNS ask by HTTPS. */
@Tag("real")
class DohClientsIT {

    @TempDir
    private Path dir;

    private SelfSigned ours;
    private WebOrigin origin;
    private ServedGateway gateway;

    @BeforeEach
    void serve() throws Exception {
        ours = SelfSigned.mint(dir, "localhost");
        origin = WebOrigin.plain();
        origin.on(
                "/page",
                exchange ->
                        WebOrigin.answer(exchange, "text/html; charset=utf-8", "<!doctype html><title>found</title>"));
        gateway = ServedGateway.start(dir, """
                listeners:
                  - name: open
                    type: dns
                    bind: '127.0.0.1:0'
                    doh-path: /dns-query
                    networks: ['127.0.0.0/8']
                    tls: {certificate: '%1$s', key: '%2$s'}
                  - name: closed
                    type: dns
                    bind: '127.0.0.1:0'
                    doh-path: /dns-query
                    tls: {certificate: '%1$s', key: '%2$s'}
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                dns: {upstreams: ['127.0.0.1:1'], timeout: 1s, blocked: sinkhole, sinkhole: ['127.0.0.1']}
                """.formatted(ours.certificate(), ours.key()), """
                rules:
                  - {name: here, when: {destination: ["www.acme.test"]}, action: block, mode: enforce}
                """);
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        origin.close();
    }

    @Test
    void kdigByGetAndPost() throws Exception {
        for (String way : List.of("+https", "+https-get")) {
            assertThat(kdig("open", way, "/dns-query")).as(way).contains("127.0.0.1", "Blocked", "HTTP/2");
        }
        assertThat(kdig("closed", "+https", "/dns-query")).contains("REFUSED");
        CompactTag tag = CompactTag.sign(
                new TagKeyMaterial("k1", Files.readString(dir.resolve("k1")).getBytes(StandardCharsets.US_ASCII)),
                "acme",
                "LC01",
                "work",
                "-",
                Instant.now().getEpochSecond() + 3_600);
        assertThat(kdig("closed", "+https", "/dns-query/" + tag.user() + "/" + tag.password()))
                .contains("127.0.0.1", "Blocked");
        assertThat(gateway.metric("postern_dns_queries_total{rcode=\"noerror\",transport=\"doh\",verdict=\"block\"}"))
                .isEqualTo(3.0);
        gateway.stop();
        // Paths of tags are secrets.
        try (var files = Files.list(dir)) {
            for (Path file : files.filter(each -> each.toString().matches(".*postern.*\\.(out|err)"))
                    .toList()) {
                assertThat(Files.readString(file)).doesNotContain(tag.password());
            }
        }
    }

    private String kdig(String listener, String way, String path) {
        List<String> arguments = new ArrayList<>(List.of(
                "@127.0.0.1",
                "-p",
                Integer.toString(gateway.port(listener)),
                "www.acme.test",
                "A",
                "+https=localhost" + path,
                "+edns=0",
                "+tls-ca=" + ours.certificate(),
                "+tls-hostname=localhost"));
        if (way.equals("+https-get")) {
            arguments.add(way);
        }
        Program.Ended ended = Program.installed("kdig", "knot-dnsutils", dir).run(arguments);
        return ended.out() + ended.err();
    }

    /** A browser that is told to ask nobody else finds a page by what it is told here. */
    @Test
    void aBrowserWithSecureDns() throws Exception {
        Path profile = Files.createDirectory(dir.resolve("profile"));
        Files.writeString(
                profile.resolve("Local State"),
                "{\"dns_over_https\": {\"mode\": \"secure\", \"templates\": \"https://localhost:" + gateway.port("open")
                        + "/dns-query\"}}");
        Program.Ended ended = Program.installed("chromium", "chromium", dir)
                .with("HOME", dir.toString())
                .run(
                        "--headless",
                        // Root has no user namespace to build the sandbox from; the page is our own.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
                        "--ignore-certificate-errors-spki-list=" + spki(),
                        "--user-data-dir=" + profile,
                        "--dump-dom",
                        "http://www.acme.test:" + origin.port() + "/page");
        assertThat(ended.out()).as(ended.err()).contains("<title>found</title>");
        assertThat(gateway.metric("postern_dns_queries_total{rcode=\"noerror\",transport=\"doh\",verdict=\"block\"}"))
                .isPositive();
        gateway.stop();
    }

    private String spki() throws Exception {
        byte[] key = ours.read().getPublicKey().getEncoded();
        return Base64.getEncoder()
                .encodeToString(
                        java.security.MessageDigest.getInstance("SHA-256").digest(key));
    }
}
