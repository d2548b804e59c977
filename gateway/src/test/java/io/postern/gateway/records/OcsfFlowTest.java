package io.postern.gateway.records;

import static io.postern.gateway.records.TestingFlows.END;
import static io.postern.gateway.records.TestingFlows.START;
import static io.postern.gateway.records.TestingFlows.accepted;
import static io.postern.gateway.records.TestingFlows.ip;
import static io.postern.gateway.records.TestingFlows.judged;
import static io.postern.gateway.records.TestingFlows.line;
import static io.postern.gateway.records.TestingFlows.relayed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.postern.analytics.Verdict;
import io.postern.analytics.Verdict.Action;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.config.ListenSettings.Ingress;
import io.postern.config.policy.Facts.Posture;
import io.postern.config.policy.Policy.Mode;
import io.postern.gateway.records.FlowRecord.MatchedRule;
import io.postern.tls.cert.CertificateFacts;
import io.postern.tls.hello.ServerName;
import io.postern.wire.http.PathClass;
import io.postern.wire.http.RequestFacts;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OcsfFlowTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Schema SCHEMA = schema();

    static Stream<Arguments> everyKind() {
        FlowRecordBuilder live = relayed();
        FlowRecord hour = live.living(START.plusSeconds(3_600));
        return Stream.of(
                // kind, flow, activity, status, action, disposition, close reason
                arguments("allowed", relayed().ended(CloseReason.CLIENT_CLOSED, END), 2, 1, 1, 1, "client-closed"),
                arguments(
                        "alert",
                        judged(relayed(), Action.ALERT, "r").ended(CloseReason.IDLE, END),
                        2,
                        1,
                        1,
                        19,
                        "idle"),
                arguments(
                        "throttled",
                        judged(relayed(), Action.THROTTLE, "r").ended(CloseReason.UPSTREAM_CLOSED, END),
                        2,
                        1,
                        4,
                        4,
                        "upstream-closed"),
                arguments(
                        "refused by policy",
                        judged(accepted(Transport.TCP), Action.BLOCK, "r").ended(CloseReason.REFUSED, END),
                        5,
                        2,
                        2,
                        2,
                        "refused"),
                arguments(
                        "blocked while it lived",
                        judged(relayed(), Action.BLOCK, "r").ended(CloseReason.BLOCKED, END),
                        3,
                        1,
                        2,
                        21,
                        "blocked"),
                arguments(
                        "datagrams dropped",
                        judged(accepted(Transport.UDP), Action.BLOCK, "r").ended(CloseReason.REFUSED, END),
                        5,
                        2,
                        2,
                        6,
                        "refused"),
                arguments(
                        "quarantined",
                        judged(relayed(), Action.QUARANTINE, "r").ended(CloseReason.BLOCKED, END),
                        3,
                        1,
                        2,
                        3,
                        "blocked"),
                arguments("too many flows", accepted(Transport.TCP).ended(CloseReason.LIMIT, END), 5, 2, 2, 2, "limit"),
                arguments(
                        "reset by the client",
                        relayed().ended(CloseReason.CLIENT_RESET, END),
                        3,
                        1,
                        1,
                        1,
                        "client-reset"),
                arguments(
                        "not reached",
                        accepted(Transport.TCP)
                                .destination(Optional.of("down.example"), 443)
                                .dialled(ip("203.0.113.9"))
                                .ended(CloseReason.UPSTREAM_FAILED, END),
                        4,
                        2,
                        1,
                        1,
                        "upstream-failed"),
                arguments(
                        "no such name",
                        accepted(Transport.TCP)
                                .destination(Optional.of("nowhere.example"), 443)
                                .ended(CloseReason.UNRESOLVED, END),
                        4,
                        2,
                        1,
                        1,
                        "unresolved"),
                arguments("an hour old", hour, 6, 1, 1, 1, null),
                arguments("its end", live.ended(CloseReason.DRAIN, END), 2, 1, 1, 1, "drain"),
                arguments(
                        "all that a handshake tells",
                        relayed()
                                .spoken(Spoken.of(HANDSHAKE)
                                        .with(HttpFacts.of(REQUEST).counted(3, 200))
                                        .with(new WebSocketFacts(5, 6, 1, true))
                                        .carriedBy("tls")
                                        .quic("1"))
                                .ended(CloseReason.CLIENT_CLOSED, END),
                        2,
                        1,
                        1,
                        1,
                        "client-closed"),
                arguments(
                        "plain http",
                        relayed()
                                .recognised(Protocol.HTTP, Basis.BYTES)
                                .spoken(Spoken.of(HttpFacts.of(Optional.of("acme.example"), "GET", false)))
                                .ended(CloseReason.CLIENT_CLOSED, END),
                        2,
                        1,
                        1,
                        1,
                        "client-closed"),
                arguments(
                        "IPv6",
                        FlowRecord.builder(
                                        "f-6",
                                        Origin.listener(Ingress.HTTP_CONNECT, "apps"),
                                        Transport.TCP,
                                        new InetSocketAddress(ip("2001:DB8:0:0:1:0:0:1"), 1_024),
                                        START)
                                .destination(Optional.empty(), 993)
                                .dialled(ip("2001:db8::"))
                                .setup(Duration.ofMillis(3))
                                .ended(CloseReason.CLIENT_CLOSED, END),
                        2,
                        1,
                        1,
                        1,
                        "client-closed"),
                arguments("worst case", worst(), 2, 1, 1, 1, "client-closed"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyKind")
    void everyKindIsValidOcsf(
            String kind, FlowRecord flow, int activity, int status, int action, int disposition, String reason) {
        String line = line(flow);

        assertThat(SCHEMA.validate(line, InputFormat.JSON)).as(kind).isEmpty();
        JsonNode json = JSON.readTree(line);
        assertThat(json.at("/activity_id").asInt()).isEqualTo(activity);
        assertThat(json.at("/type_uid").asInt()).isEqualTo(400_100 + activity);
        assertThat(json.at("/status_id").asInt()).isEqualTo(status);
        assertThat(json.at("/action_id").asInt()).isEqualTo(action);
        assertThat(json.at("/disposition_id").asInt()).isEqualTo(disposition);
        assertThat(json.at("/unmapped/postern/close_reason").asString(null)).isEqualTo(reason);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyKind")
    void everyKindIsOneLineOfPrintableAscii(String kind, FlowRecord flow) {
        String line = line(flow);

        assertThat(line).as(kind).endsWith("}\n").hasSizeLessThan(128 * 1024);
        assertThat(line.substring(0, line.length() - 1).chars().filter(c -> c < 0x20 || c > 0x7e))
                .isEmpty();
    }

    @Test
    void theSchemaWouldNoticeAWrongName() {
        String line = line(relayed().ended(CloseReason.CLIENT_CLOSED, END));

        assertThat(SCHEMA.validate(line.replace("\"bytes_out\"", "\"out_bytes\""), InputFormat.JSON))
                .isNotEmpty();
    }

    /** The line downstream systems are set up for: changing it needs an entry in the changelog. */
    @Test
    void theGoldenLineStays() throws IOException {
        String golden = resource("/records/flow.ndjson");

        assertThat(line(relayed().ended(CloseReason.CLIENT_CLOSED, END))).isEqualTo(golden);
    }

    @Test
    void whatWasKnownIsToldAndNothingElse() {
        KnownFacts known = new KnownFacts(
                Truth.TRUE,
                Truth.FALSE,
                Truth.UNKNOWN,
                Truth.UNKNOWN,
                Truth.TRUE,
                Truth.UNKNOWN,
                754_321,
                EnumSet.of(Posture.COMPLIANT, Posture.AT_RISK));
        String line = line(relayed().facts(known).ended(CloseReason.CLIENT_CLOSED, END));

        assertThat(SCHEMA.validate(line, InputFormat.JSON)).isEmpty();
        assertThat(JSON.readTree(line).at("/unmapped/postern/facts")).isEqualTo(JSON.readTree("""
                        {"locked": true, "background": false, "just_updated": true, "no_interaction_seconds": 754,
                         "posture": ["compliant", "at-risk"]}"""));
        String none = line(relayed().facts(KnownFacts.NONE).ended(CloseReason.CLIENT_CLOSED, END));
        assertThat(JSON.readTree(none).at("/unmapped/postern").has("facts")).isFalse();
    }

    @Test
    void aLongFlowTellsItsExchangesOnce() {
        FlowRecordBuilder live = relayed();
        JsonNode first = JSON.readTree(line(live.living(START.plusSeconds(3_600))));
        JsonNode second = JSON.readTree(line(live.living(START.plusSeconds(7_200))));
        JsonNode last = JSON.readTree(line(live.ended(CloseReason.CLIENT_CLOSED, START.plusSeconds(7_300))));

        assertThat(first.at("/unmapped/postern/exchanges").toString())
                .isEqualTo("[[0,517,0],[40,0,1113],[1500,46583,0]]");
        assertThat(second.at("/unmapped/postern/exchanges")).isEmpty();
        assertThat(List.of(first, second, last)).allSatisfy(line -> {
            assertThat(line.at("/connection_info/uid").asString()).isEqualTo("f-01");
            assertThat(line.at("/start_time").asLong()).isEqualTo(START.toEpochMilli());
            assertThat(line.at("/traffic/bytes_out").asLong()).isEqualTo(47_100);
        });
        assertThat(Stream.of(first, second, last)
                        .map(line -> line.at("/metadata/uid").asString()))
                .doesNotHaveDuplicates()
                .allMatch(uid -> uid.startsWith("f-01."));
    }

    @Test
    void anUnattributedFlowSaysSo() {
        JsonNode line = JSON.readTree(line(accepted(Transport.TCP).ended(CloseReason.CLIENT_ERROR, END)));

        assertThat(line.at("/actor/app_uid").asString()).isEqualTo("-");
        assertThat(line.at("/device/uid").asString()).isEqualTo("-");
        assertThat(line.at("/device/type_id").asInt()).isZero();
        assertThat(line.at("/unmapped/postern/device_assurance").asString()).isEqualTo("none");
        assertThat(line.has("dst_endpoint")).as("nobody knows where to").isFalse();
        assertThat(line.has("tls")).isFalse();
        assertThat(line.has("ja4_fingerprint_list")).isFalse();
    }

    @Test
    void addressesAreWrittenAsRfc5952Says() {
        JsonNode line = JSON.readTree(line(FlowRecord.builder(
                        "f-6",
                        Origin.listener(Ingress.HTTP_CONNECT, "apps"),
                        Transport.TCP,
                        new InetSocketAddress(ip("2001:DB8:0:0:1:0:0:1"), 1_024),
                        START)
                .destination(Optional.empty(), 993)
                .dialled(ip("2001:db8:0:1:1:1:1:1"))
                .ended(CloseReason.CLIENT_CLOSED, END)));

        assertThat(line.at("/src_endpoint/ip").asString()).isEqualTo("2001:db8::1:0:0:1");
        assertThat(line.at("/dst_endpoint/ip").asString()).isEqualTo("2001:db8:0:1:1:1:1:1");
        assertThat(line.at("/connection_info/community_uid").asString()).startsWith("1:");
    }

    @Test
    void aClockSetBackMakesNoNegativeDuration() {
        JsonNode line = JSON.readTree(line(relayed().ended(CloseReason.CLIENT_CLOSED, START.minusSeconds(5))));

        assertThat(line.at("/duration").asLong()).isZero();
        assertThat(line.at("/end_time").asLong()).isEqualTo(START.toEpochMilli());
    }

    @Test
    void whatAPeerSentIsCutAndEscaped() {
        JsonNode line = JSON.readTree(line(worst()));

        assertThat(line.at("/dst_endpoint/hostname").asString())
                .hasSize(253)
                .startsWith("\n\u001b[31m\u007f\u009b\u2028");
        assertThat(line.at("/tls/sni").asString()).hasSize(255);
        assertThat(line.at("/unmapped/postern/exchanges")).hasSize(128);
        assertThat(line.at("/unmapped/postern/rules")).hasSize(32);
    }

    @Test
    void anEstablishedFlowIsCutNotRefused() {
        assertThat(relayed().ended(CloseReason.LIMIT, END).activity()).isEqualTo(Activity.RESET);
        assertThat(accepted(Transport.TCP).ended(CloseReason.LIMIT, END).activity())
                .isEqualTo(Activity.REFUSE);
    }

    /** Nothing was closed, cut or blocked that never was. */
    @ParameterizedTest
    @EnumSource
    void whatNeverReachedItsUpstreamIsNoSuccess(CloseReason reason) throws Exception {
        JsonNode line = JSON.readTree(line(accepted(Transport.TCP).ended(reason, END)));

        assertThat(line.at("/activity_id").asInt()).isIn(4, 5);
        assertThat(line.at("/status_id").asInt()).isEqualTo(2);
    }

    @Test
    void aHandshakeIsTold() throws Exception {
        JsonNode line =
                JSON.readTree(line(relayed().spoken(Spoken.of(HANDSHAKE)).ended(CloseReason.CLIENT_CLOSED, END)));

        assertThat(line.at("/tls/version").asString()).isEqualTo("1.2");
        assertThat(line.at("/tls/cipher").asString()).isEqualTo("0xc02f");
        assertThat(line.at("/tls/ja3s_hash/value").asString()).isEqualTo("ja3s");
        assertThat(line.at("/tls/certificate/subject").asString()).isEqualTo("api.acme.example");
        assertThat(line.at("/tls/certificate/is_self_signed").asBoolean()).isTrue();
        assertThat(line.at("/tls/certificate/fingerprints/0/value").asString()).isEqualTo("cafe");
        assertThat(line.at("/unmapped/postern/alpn_chosen").asString()).isEqualTo("h2");
    }

    private static final TlsFacts HANDSHAKE = TestingFlows.TLS
            .with(new TlsFacts.Answer("1.2", "0xc02f", Optional.of("h2"), "ja3s"))
            .with(new CertificateFacts(
                    "api.acme.example",
                    List.of("api.acme.example", "192.0.2.1", "2001:db8::1"),
                    3,
                    "Acme CA",
                    START,
                    END,
                    CertificateFacts.SelfSigned.PROVED,
                    "1f",
                    "cafe",
                    "EC",
                    256));

    private static final RequestFacts REQUEST = new RequestFacts(
            "GET", Optional.of("a.example"), PathClass.ROOT, "/", Optional.of("app/1"), "0123456789ab", false);

    private static FlowRecord worst() {
        String text = "\n\u001b[31m\u007f\u009b\u2028\"\\\ud800" + "\u00e9".repeat(4_000);
        long[] tape = new long[3 * 200];
        Arrays.fill(tape, Long.MAX_VALUE / 4);
        return relayed()
                .destination(Optional.of(text), 65_535)
                .setup(Duration.ofDays(1))
                .spoken(Spoken.NOTHING
                        .with(TlsFacts.of(new TlsFacts.Hello(
                                Optional.of(new ServerName(text, ServerName.Form.INVALID)),
                                text,
                                Collections.nCopies(200, text),
                                Optional.of(text),
                                Optional.of(text),
                                true,
                                true,
                                true)))
                        .with(HttpFacts.of(Optional.of(text), text, false)))
                .serviceClasses(Collections.nCopies(200, text))
                .judged(
                        new Verdict(Action.ALLOW, text),
                        Collections.nCopies(200, new MatchedRule(text, Action.BLOCK, Mode.SHADOW, Action.ALLOW)),
                        text)
                .traffic(Long.MAX_VALUE / 4, Long.MAX_VALUE / 4, Exchanges.of(tape, 200))
                .ended(CloseReason.CLIENT_CLOSED, END);
    }

    private static Schema schema() {
        try {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(resource("/ocsf-1.4/network_activity.schema.json"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String resource(String path) throws IOException {
        try (InputStream in = Objects.requireNonNull(OcsfFlowTest.class.getResourceAsStream(path), path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
