package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingClient.tunnel;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is not recognised says why, and is relayed all the same. */
class BasisIT {

    private static final String QUICK = "sniff: {server-first: 100ms, timeout: 500ms}\n";
    /** A client that may think for as long as a test takes. */
    private static final String PATIENT = "sniff: {server-first: 10s, timeout: 10s}\n";

    @TempDir
    Path dir;

    @Test
    void aServerThatSpeaksFirstIsNotWaitedForItsClient() throws Exception {
        try (TestingPath path = TestingPath.open(dir, PATIENT)) {
            path.server().send("RFB 003.008\n");
            assertThat(path.client().read(12)).isEqualTo("RFB 003.008\n");
            path.client().send("RFB 003.008\n");
            assertThat(path.server().read(12)).isEqualTo("RFB 003.008\n");
            path.client().close();
            path.server().close();
            expect(path.gateway(), "server-first");
        }
    }

    @Test
    void whatNobodyKnowsIsRelayedAtOnce() throws Exception {
        try (TestingPath path = TestingPath.open(dir, PATIENT)) {
            path.client().send("\0\1\2\3");
            assertThat(path.server().read(4)).isEqualTo("\0\1\2\3");
            path.client().close();
            path.server().close();
            expect(path.gateway(), "no-match");
        }
    }

    @Test
    void aClientThatFinishesUndecidedIsPassedOn() throws Exception {
        try (TestingPath path = TestingPath.open(dir, PATIENT)) {
            path.client().send("GE").finish();
            assertThat(path.server().rest()).isEqualTo("GE");
            path.server().send("?");
            path.server().close();
            assertThat(path.client().rest()).isEqualTo("?");
            expect(path.gateway(), "end");
        }
    }

    @Test
    void aHelloThatBreaksTheRulesIsPassedOnForTheServerToRefuse() throws Exception {
        byte[] hello = TestingHello.bytes("intranet.acme.example");
        // The length of the legacy session id, beyond the 32 of RFC 8446 section 4.1.2.
        hello[5 + 4 + 2 + 32] = (byte) 0xFF;
        try (TestingPath path = TestingPath.open(dir, PATIENT)) {
            path.client().send(hello);
            assertThat(path.server().socket().getInputStream().readNBytes(hello.length))
                    .isEqualTo(hello);
            path.client().close();
            path.server().close();
            JsonNode line = path.gateway().record(record -> true);
            assertThat(line.at("/app_name").asString()).isEqualTo("tls");
            assertThat(line.at("/unmapped/postern/basis").asString()).isEqualTo("malformed");
        }
    }

    @Test
    void aTunnelThatNobodyUsesTimedOut() throws Exception {
        String settings = "upstream: {allow-networks: ['127.0.0.0/8'], idle-timeout: 1s}\n" + PATIENT;
        try (TestingGateway gateway = TestingGateway.start(dir, settings, "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            assertThat(client.rest()).isEmpty();
            assertThat(server.rest()).isEmpty();
            expect(gateway, "timeout");
            gateway.awaitMetric("postern_flow_ends_total{reason=\"idle\"}", 1);
        }
    }

    /** Some protocols wait for an answer to very little: it is sent on, and watched on. */
    @Test
    void aClientThatPausesIsPassedOnAndStillRecognised() throws Exception {
        byte[] hello = TestingHello.bytes("pausing.acme.example");
        try (TestingPath path = TestingPath.open(dir, "sniff: {server-first: 100ms, timeout: 30s}\n")) {
            path.client().send(Arrays.copyOf(hello, 10));
            assertThat(path.server().socket().getInputStream().readNBytes(10)).isEqualTo(Arrays.copyOf(hello, 10));
            // From here on at once: read one by one, each wait is for the byte just sent.
            for (int at = 10; at < hello.length; at++) {
                path.client().send(new byte[] {hello[at]});
                assertThat(path.server().socket().getInputStream().read()).isEqualTo(hello[at] & 0xFF);
            }
            path.client().close();
            path.server().close();
            JsonNode line = path.gateway().record(record -> true);
            assertThat(line.at("/tls/sni").asString()).isEqualTo("pausing.acme.example");
            assertThat(line.at("/traffic/bytes_out").asInt()).isEqualTo(hello.length);
        }
    }

    @Test
    void aHelloThatNeverEndsIsUnknownByTheDeadline() throws Exception {
        byte[] hello = TestingHello.bytes("endless.acme.example");
        try (TestingPath path = TestingPath.open(dir, QUICK)) {
            path.client().send(Arrays.copyOf(hello, hello.length - 1));
            assertThat(path.server().socket().getInputStream().readNBytes(hello.length - 1))
                    .hasSize(hello.length - 1);
            path.gateway().awaitMetric("postern_sniff_held_bytes", 0);
            // The last byte comes too late to be recognised, and arrives.
            path.client().send(new byte[] {hello[hello.length - 1]});
            assertThat(path.server().socket().getInputStream().read()).isEqualTo(hello[hello.length - 1] & 0xFF);
            path.client().close();
            path.server().close();
            expect(path.gateway(), "timeout");
        }
    }

    /** A record after the other, each a proper piece of a hello that says it is 16 MiB long. */
    @Test
    void aHelloWithoutEndIsUnknownByItsSize() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(
                        dir, "sniff: {max-bytes: 1KiB, max-hello-bytes: 2KiB, timeout: 10s, server-first: 10s}\n", "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            byte[] piece = new byte[5 + 600];
            piece[0] = 22;
            piece[1] = 3;
            piece[2] = 1;
            piece[3] = (byte) (600 >> 8);
            piece[4] = (byte) 600;
            byte[] first = piece.clone();
            first[5] = 1;
            first[6] = (byte) 0xFF;
            first[7] = (byte) 0xFF;
            first[8] = (byte) 0xFF;
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(first);
            for (int i = 0; i < 3; i++) {
                all.writeBytes(piece);
            }
            // At once and without the last byte: a read of whole records would be known as TLS, whatever is in them.
            int sent = all.size() - 1;
            client.send(Arrays.copyOf(all.toByteArray(), sent));
            assertThat(server.socket().getInputStream().readNBytes(sent)).hasSize(sent);
            client.close();
            server.close();
            expect(gateway, "limit");
        }
    }

    /** All undecided flows share one budget; whoever finds it used up is relayed unrecognised, not refused. */
    @Test
    void undecidedFlowsCannotHoldMoreThanTheirBudget() throws Exception {
        byte[] most = Arrays.copyOf(TestingHello.large(60_000), 59_000);
        String settings = "sniff: {memory: 1MiB, max-hello-bytes: 64KiB, timeout: 1m, server-first: 10s}\n";
        try (TestingGateway gateway = TestingGateway.start(dir, settings, "");
                TestingOrigin origin = new TestingOrigin()) {
            java.util.List<TestingConnection> all = new java.util.ArrayList<>();
            for (int i = 0; i < 30; i++) {
                all.add(tunnel(gateway, origin.authority()).send(most));
                all.add(origin.accept());
            }
            gateway.awaitMetricAtLeast("postern_sniff_held_bytes", 500_000);
            assertThat(gateway.metric("postern_sniff_held_bytes")).isLessThanOrEqualTo(1 << 20);
            for (TestingConnection some : all) {
                some.close();
            }
            gateway.awaitNothingLeft();
            assertThat(gateway.metric("postern_recognition_total{basis=\"limit\",protocol=\"unknown\"}"))
                    .isGreaterThan(0);
        }
    }

    private static void expect(TestingGateway gateway, String basis) {
        JsonNode line = gateway.record(record -> true);
        assertThat(line.at("/app_name").asString()).isEqualTo("unknown");
        assertThat(line.at("/unmapped/postern/basis").asString()).isEqualTo(basis);
        gateway.awaitMetric("postern_recognition_total{basis=\"" + basis + "\",protocol=\"unknown\"}", 1);
        gateway.awaitNothingLeft();
    }
}
