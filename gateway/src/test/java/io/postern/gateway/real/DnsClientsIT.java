package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.gateway.real.Program.Ended;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kdig and dig ask by UDP, TCP and TLS, as Android's private DNS does in its opportunistic and its strict mode; unbound
 * answers, is killed and comes back.
 */
@Tag("real")
class DnsClientsIT {

    @TempDir
    private Path dir;

    @Test
    void realResolversAndClients() throws Exception {
        int port = Ports.free();
        SelfSigned ours = SelfSigned.mint(dir, "dns.acme.test");
        RunningProgram unbound = unbound(port);
        try (ServedGateway gateway =
                ServedGateway.start(dir, """
                        listeners:
                          - {name: plain, type: dns, bind: '127.0.0.1:0', networks: ['127.0.0.0/8']}
                          - name: private
                            type: dns
                            bind: '127.0.0.1:0'
                            networks: ['127.0.0.0/8']
                            tls: {certificate: '%s', key: '%s'}
                        identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                        upstream: {allow-networks: ['192.0.2.0/24', '2001:db8::/32']}
                        dns: {upstreams: ['127.0.0.1:%d'], timeout: 3s}
                        """.formatted(ours.certificate(), ours.key(), port), """
                        rules:
                          - {name: ads, when: {destination: ["*.ads.test"]}, action: block, mode: enforce}
                        """)) {
            for (String program : List.of("kdig", "dig")) {
                assertThat(asked(program, gateway, "plain", "www.acme.test", "A", "+short"))
                        .as(program)
                        .isEqualToIgnoringWhitespace("192.0.2.1");
                assertThat(asked(program, gateway, "plain", "alias.acme.test", "AAAA", "+short", "+tcp"))
                        .as(program)
                        .endsWith("2001:db8::1\n");
                assertThat(asked(program, gateway, "plain", "none.acme.test", "A"))
                        .contains("NXDOMAIN");
                assertThat(asked(program, gateway, "plain", "x.ads.test", "A", "+edns=0"))
                        .contains("NXDOMAIN", "Blocked");
            }
            String opportunistic = asked("kdig", gateway, "private", "www.acme.test", "A", "+tls");
            assertThat(opportunistic).contains("192.0.2.1", "TLS1.3", "PADDING");
            assertThat(asked("kdig", gateway, "plain", "www.acme.test", "A", "+padding"))
                    .contains("192.0.2.1")
                    .doesNotContain("PADDING");
            String strict = asked(
                    "kdig",
                    gateway,
                    "private",
                    "www.acme.test",
                    "A",
                    "+tls-ca=" + ours.certificate(),
                    "+tls-hostname=dns.acme.test");
            assertThat(strict).contains("192.0.2.1");
            String elsewhere = asked(
                    "kdig",
                    gateway,
                    "private",
                    "www.acme.test",
                    "A",
                    "+tls-ca=" + ours.certificate(),
                    "+tls-hostname=other.acme.test");
            assertThat(elsewhere).doesNotContain("192.0.2.1");

            unbound.close();
            assertThat(asked("kdig", gateway, "plain", "www.acme.test", "A", "+short"))
                    .as("what is remembered needs nobody")
                    .isEqualToIgnoringWhitespace("192.0.2.1");
            assertThat(asked("kdig", gateway, "plain", "new.acme.test", "A")).contains("SERVFAIL");
            unbound = unbound(port);
            await().until(() -> asked("kdig", gateway, "plain", "new.acme.test", "A", "+short")
                    .contains("192.0.2.2"));
            gateway.stop();
        } finally {
            unbound.close();
        }
    }

    private String asked(
            String program, ServedGateway gateway, String listener, String name, String type, String... more)
            throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("@127.0.0.1", "-p", Integer.toString(gateway.port(listener)), name, type));
        arguments.addAll(List.of(more));
        Ended ended = Program.installed(program, program.equals("dig") ? "bind9-dnsutils" : "knot-dnsutils", dir)
                .run(arguments);
        return ended.out() + ended.err();
    }

    private RunningProgram unbound(int port) throws IOException {
        return NameServers.unbound(dir, port, """
                local-zone: "test." static
                local-data: "www.acme.test. 60 A 192.0.2.1"
                local-data: "new.acme.test. 60 A 192.0.2.2"
                local-data: "alias.acme.test. 60 AAAA 2001:db8::1"
                """);
    }
}
