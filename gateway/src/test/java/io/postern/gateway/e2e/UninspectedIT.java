package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingClient.tunnel;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a flow that could not be looked into is policy's to say; unsaid, it goes on. Each cause is forced. */
class UninspectedIT {

    private static final String PATIENT = "sniff: {server-first: 10s, timeout: 1m}\n";

    @TempDir
    Path dir;

    @Test
    void aFirstMessageThatBreaksItsProtocolsRules() throws Exception {
        byte[] hello = TestingHello.bytes("intranet.acme.example");
        // The length of the legacy session id, beyond the 32 of RFC 8446 section 4.1.2.
        hello[5 + 4 + 2 + 32] = (byte) 0xFF;
        blocked("malformed", PATIENT, hello);
    }

    @Test
    void aFirstMessageThatNobodyKnows() throws Exception {
        blocked("no-match", PATIENT, new byte[] {0, 1, 2, 3});
    }

    @Test
    void aHelloThatTakesTooLong() throws Exception {
        byte[] hello = TestingHello.bytes("slow.acme.example");
        blocked("timeout", "sniff: {server-first: 200ms, timeout: 201ms}\n", Arrays.copyOf(hello, hello.length - 1));
    }

    @Test
    void aHelloThatIsTooLong() throws Exception {
        blocked(
                "limit",
                "sniff: {max-bytes: 1KiB, max-hello-bytes: 2KiB, timeout: 1m, server-first: 10s}\n",
                Arrays.copyOf(TestingHello.large(10_000), 5_000));
    }

    @Test
    void aServerThatSpeaksFirst() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, PATIENT, policy("server-first"));
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            server.send("RFB 003.008\n");
            assertThat(client.untilGone()).isEmpty();
            expectBlocked(gateway);
        }
    }

    private void blocked(String basis, String settings, byte[] first) throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, settings, policy(basis));
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            client.send(first);
            assertThat(client.untilGone()).isEmpty();
            expectBlocked(gateway);
            gateway.awaitMetric("postern_recognition_total{basis=\"" + basis + "\",protocol=\"unknown\"}", 1);
        }
    }

    private static void expectBlocked(TestingGateway gateway) {
        assertThat(gateway.record(line -> true)
                        .at("/unmapped/postern/rules/0/name")
                        .asString())
                .isEqualTo("uninspected");
        gateway.awaitMetric("postern_flow_ends_total{reason=\"blocked\"}", 1);
        gateway.awaitNothingLeft();
    }

    private static String policy(String basis) {
        return "rules: [{name: uninspected, when: {basis: " + basis + "}, action: block, mode: enforce}]\n";
    }
}
