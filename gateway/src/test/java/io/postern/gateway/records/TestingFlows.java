package io.postern.gateway.records;

import io.postern.analytics.Verdict;
import io.postern.analytics.Verdict.Action;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Protocol;
import io.postern.config.ListenSettings.Ingress;
import io.postern.config.policy.Policy.Mode;
import io.postern.gateway.records.FlowRecord.MatchedRule;
import io.postern.tls.hello.ServerName;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Flows as the pipelines note them. */
public final class TestingFlows {
    public static final Instant START = Instant.ofEpochMilli(1_760_000_093_120L);
    public static final Instant END = START.plusMillis(30_336);
    public static final TlsFacts TLS = TlsFacts.of(new TlsFacts.Hello(
            Optional.of(new ServerName("api.acme.example", ServerName.Form.NAME)),
            "1.3",
            List.of("h2", "http/1.1"),
            Optional.of("cd08e31494f9531f560d64c695473da9"),
            Optional.of("t13d1516h2_8daaf6152771_02713d6af862"),
            false,
            false,
            false));

    private TestingFlows() {}

    /** Just accepted, nothing known. */
    public static FlowRecordBuilder accepted(Transport transport) {
        return FlowRecord.builder(
                "f-01",
                Origin.listener(Ingress.HTTP_CONNECT, "apps"),
                transport,
                new InetSocketAddress(ip("10.77.3.21"), 41_822),
                START);
    }

    /** Attributed, dialled, recognised as TLS, allowed, and some bytes moved. */
    public static FlowRecordBuilder relayed() {
        return accepted(Transport.TCP)
                .tag(new AppTag(
                        "3a1f9c", "work", "com.acme.mail", DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED))
                .destination(Optional.of("api.acme.example"), 443)
                .dialled(ip("203.0.113.9"))
                .setup(Duration.ofNanos(12_345_678))
                .recognised(Protocol.TLS, Basis.BYTES)
                .spoken(Spoken.of(TLS))
                .serviceClasses(List.of("collaboration"))
                .judged(
                        new Verdict(Action.ALLOW, "default"),
                        List.of(new MatchedRule("no-cloud", Action.BLOCK, Mode.SHADOW, Action.ALLOW)),
                        "0123456789ab")
                .traffic(47_100, 1_113, Exchanges.of(new long[] {0, 517, 0, 40, 0, 1_113, 1_500, 46_583, 0}, 3));
    }

    public static FlowRecordBuilder judged(FlowRecordBuilder flow, Action action, String rule) {
        return flow.judged(
                new Verdict(action, rule),
                List.of(new MatchedRule(rule, action, Mode.ENFORCE, action)),
                "0123456789ab");
    }

    public static String line(FlowRecord flow) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new OcsfFlow("0.1.0").write(flow, bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    public static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }
}
