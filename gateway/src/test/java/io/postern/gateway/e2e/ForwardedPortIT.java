package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.cli.TestingTerminal;
import io.postern.gateway.real.SelfSigned;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that reach a gateway through a forwarded port: its certificate has the service's name, the URL an address. */
class ForwardedPortIT {

    private static final String NAME = "postern-admin.gateways.svc";

    @TempDir
    Path dir;

    private final TestingTerminal terminal = new TestingTerminal();
    private SelfSigned certificate;

    @BeforeEach
    void mint() throws Exception {
        certificate = SelfSigned.mint(dir, NAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    void theCertificateIsOfTheServersName(String host) throws Exception {
        try (TestingGateway gateway = start(NAME)) {
            assertThat(coverage(gateway, host, "--server-name", NAME))
                    .as(terminal.err())
                    .isZero();
            assertThat(coverage(gateway, host)).isEqualTo(1);
            assertThat(coverage(gateway, host, "--server-name", "other.gateways.svc"))
                    .isEqualTo(1);
        }
    }

    /** Whoever asks for a name is not content with that of the URL. */
    @Test
    void aCertificateOfTheUrlsHostIsNoneOfTheName() throws Exception {
        certificate = SelfSigned.mint(dir, "localhost");
        try (TestingGateway gateway = start("localhost")) {
            assertThat(coverage(gateway, "localhost")).as(terminal.err()).isZero();
            assertThat(coverage(gateway, "localhost", "--server-name", NAME)).isEqualTo(1);
        }
    }

    @Test
    void withoutTlsThereIsNoCertificate() {
        assertThat(terminal.run("coverage", "--url", "http://127.0.0.1:1", "--token-file", "x", "--server-name", NAME))
                .isEqualTo(1);
        assertThat(terminal.err()).contains("--server-name: there is no certificate at 'http://127.0.0.1:1'");
    }

    private TestingGateway start(String name) throws Exception {
        return TestingGateway.start(
                dir, "admin: {bind: '127.0.0.1:0', tls: {certificate: " + name + ".crt, key: " + name + ".key}}\n", "");
    }

    private int coverage(TestingGateway gateway, String host, String... more) {
        String[] all = new String[7 + more.length];
        all[0] = "coverage";
        all[1] = "--url";
        all[2] = "https://" + host + ":" + gateway.gateway().adminAddress().getPort();
        all[3] = "--ca";
        all[4] = certificate.certificate().toString();
        all[5] = "--token-file";
        all[6] = dir.resolve("var/admin/token").toString();
        System.arraycopy(more, 0, all, 7, more.length);
        return terminal.run(all);
    }
}
