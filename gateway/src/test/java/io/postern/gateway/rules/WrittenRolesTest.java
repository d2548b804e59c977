package io.postern.gateway.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Evidence;
import io.postern.analytics.attack.AppRole;
import io.postern.analytics.attack.AppRole.Behaviour;
import io.postern.analytics.attack.FiveAnalytics;
import io.postern.analytics.attack.Knowledge;
import io.postern.analytics.attack.Settings;
import io.postern.analytics.baseline.Baseline;
import io.postern.analytics.context.Truth;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.Protocol;
import io.postern.config.policy.PolicyReader;
import io.postern.config.services.ServiceClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What policy says of apps reaches detection, and silences there what it names. */
class WrittenRolesTest {

    private static final long START = Instant.parse("2026-11-02T08:00:00Z").toEpochMilli();
    private static final Duration OFTEN = Duration.ofMinutes(15);

    private static final String POLICY = """
            categories:
              mail: {silent: [imap-idle, push]}
              backup: {silent: [upload, background, crypto]}
              chat: {silent: keepalive}
            roles:
              mail-client:
                service-classes: [collaboration, push]
                destinations: ["*.acme.example", "203.0.113.0/24"]
                ports: {tls: [443, 993, 465], smtp: 587, imap: [993]}
                background: {allowed: true, poll: 15m}
                crypto: expected
                uplink-limit: 20MB
              torch: {destinations: [torch.example], background: {allowed: false}, uplink-limit: 100KB}
              talker: {destinations: [chat.example]}
              searcher: {destinations: [.acme.example], service-classes: doh-resolver}
            apps:
              com.acme.mail: {category: mail, role: mail-client, approved: true}
              com.acme.backup: {category: backup, approved: true}
              com.acme.chat: {category: chat, role: talker, approved: true}
              com.acme.torch: {role: torch, approved: true}
              com.acme.search: {role: searcher}
            service-classes: {intranet: {domains: [intra.example]}}
            """;

    @TempDir
    Path folder;

    private WrittenRoles roles;

    @BeforeEach
    void read() throws IOException {
        Files.writeString(folder.resolve("p.yaml"), POLICY);
        var reading =
                PolicyReader.read(List.of("p.yaml"), folder, Clock.fixed(Instant.ofEpochMilli(START), ZoneOffset.UTC));
        assertThat(reading.problems()).isEmpty();
        roles = new WrittenRoles(
                reading.value().orElseThrow(),
                ServiceClasses.shipped(),
                List.of("mdm.acme.test:8443", "[2001:db8::7]:443", "2001:db8::8"));
    }

    @Test
    void saysWhatIsWritten() {
        AppRole mail = roles.apply(tag("com.acme.mail"));

        assertThat(mail.category()).isEqualTo("mail");
        assertThat(mail.approved()).isTrue();
        assertThat(mail.serviceClasses()).containsExactlyInAnyOrder("collaboration", "push");
        assertThat(mail.named()).isTrue();
        assertThat(mail.portsNamed()).containsExactlyInAnyOrder(Protocol.TLS, Protocol.SMTP, Protocol.IMAP);
        assertThat(mail.ports().test(Protocol.SMTP, 587)).isTrue();
        assertThat(mail.ports().test(Protocol.SMTP, 25)).isFalse();
        assertThat(mail.background()).isEqualTo(Truth.TRUE);
        assertThat(mail.poll()).isEqualTo(OFTEN);
        assertThat(mail.silent()).containsExactlyInAnyOrder(Behaviour.IMAP_IDLE, Behaviour.PUSH);
        assertThat(mail.crypto()).isEqualTo(Truth.TRUE);
        assertThat(mail.uplinkLimit()).isEqualTo(20_000_000);
    }

    @Test
    void destinationsAreNamesPrefixesAndServiceClasses() {
        AppRole mail = roles.apply(tag("com.acme.mail"));

        assertThat(mail.expects()).accepts(to("imap.acme.example"), to("", "203.0.113.9"), to("slack.com"));
        assertThat(mail.expects()).rejects(to("acme.example.evil.test"), to("", "203.0.114.9"), to("dropbox.com"));
    }

    /** As policy lets them pass: whatever is claimed there. */
    @Test
    void aServiceClassHasTheAddressesOfPublicResolvers() {
        assertThat(roles.apply(tag("com.acme.search")).expects())
                .accepts(to("", "1.1.1.1"), to("", "2620:fe::fe"), to("dns.corp.example", "9.9.9.9"), to("dns.google"))
                .rejects(to("", "192.0.2.1"), to("dns.corp.example"), new Destination("", "", "1.1.1.1", 53));
        assertThat(roles.apply(tag("com.acme.mail")).expects()).rejects(to("", "1.1.1.1"));
    }

    @Test
    void ofCategoriesBehavioursAreTakenWhereTheRoleSaysNothing() {
        AppRole backup = roles.apply(tag("com.acme.backup"));

        assertThat(backup.silent()).containsExactly(Behaviour.UPLOAD);
        assertThat(backup.background()).isEqualTo(Truth.TRUE);
        assertThat(backup.crypto()).isEqualTo(Truth.TRUE);
        assertThat(roles.apply(tag("com.acme.torch")).background()).isEqualTo(Truth.FALSE);
    }

    @Test
    void whatNoDeviceWorksWithoutIsExpectedOfEveryApp() {
        for (String app : List.of("com.nobody.wrote", "com.acme.torch", "com.acme.mail")) {
            assertThat(roles.apply(tag(app)).expects())
                    .as(app)
                    .accepts(
                            to("connectivitycheck.gstatic.com"),
                            to("mdm.acme.test"),
                            to("", "2001:db8::7"),
                            to("", "2001:db8::8"))
                    .rejects(to("other.acme.test"), to("mtalk.google.com"));
        }
        assertThat(roles.apply(tag("com.google.android.gms")).expects()).accepts(to("mtalk.google.com"));
        assertThat(roles.apply(tag("com.nobody.wrote")).named())
                .as("what is not written down cannot be violated")
                .isFalse();
    }

    @Test
    void ofSeveralPackagesOfOneUidNothingIsWritten() {
        AppRole both = roles.apply(tag("com.acme.mail+com.acme.chat"));
        assertThat(both.category()).isEmpty();
        assertThat(both.approved()).isFalse();
    }

    @Test
    void aRoleIsKeptToOrFound() {
        assertThat(beats("com.acme.mail", "imap.acme.example", Protocol.TLS, 443))
                .isEmpty();
        assertThat(beats("com.acme.mail", "collector.test", Protocol.TLS, 443))
                .anySatisfy(found -> assertThat(features(found)).contains("destination-outside-role"));
        assertThat(beats("com.acme.mail", "imap.acme.example", Protocol.TLS, 8443))
                .as("a port is not excused by where it leads, but its own server is")
                .isEmpty();
        assertThat(beats("com.acme.mail", "collector.test", Protocol.TLS, 8443))
                .anySatisfy(found -> assertThat(features(found)).contains("port-outside-role"));
        assertThat(beats("com.acme.torch", "connectivitycheck.gstatic.com", Protocol.HTTP, 80))
                .isEmpty();
    }

    @Test
    void declaredRhythmsWeighLess() {
        double declared = last(beats("com.acme.mail", "collector.test", Protocol.TLS, 443), "AN1681");
        double undeclared = last(beats("com.acme.torch", "collector.test", Protocol.TLS, 443), "AN1681");

        assertThat(undeclared).isGreaterThanOrEqualTo(40);
        assertThat(declared).isLessThanOrEqualTo(undeclared - 40);
    }

    /** An app that comes by the clock for two days, without anything being known of the device. */
    private List<Finding> beats(String app, String host, Protocol protocol, int port) {
        FiveAnalytics five = new FiveAnalytics(Settings.DEFAULTS);
        five.knows(new Knowledge(1, Baseline.EMPTY, true, 100, roles));
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < 192; i++) {
            long at = START + i * OFTEN.toMillis();
            Flow flow = new Flow(
                    "f" + i,
                    tag(app),
                    at,
                    Flow.Transport.TCP,
                    new Destination(host, host, "192.0.2.1", port),
                    protocol,
                    Basis.BYTES,
                    Set.of("generic-https"),
                    Optional.empty(),
                    Optional.empty());
            five.observe(new FlowEvent.Opened(flow, at), findings::add);
            five.observe(new FlowEvent.Exchanged(flow, at + 50, 400, 600), findings::add);
            five.observe(new FlowEvent.Closed(flow, at + 2_000, 900, 4_000, FlowEvent.Outcome.CARRIED), findings::add);
        }
        return findings;
    }

    private static double last(List<Finding> findings, String analytic) {
        return findings.stream()
                .filter(finding -> finding.analytic().equals(analytic))
                .reduce((one, later) -> later)
                .map(Finding::score)
                .orElse(0.0);
    }

    private static List<String> features(Finding finding) {
        return finding.evidence().stream().map(Evidence::feature).toList();
    }

    private static Destination to(String host) {
        return to(host, "192.0.2.1");
    }

    private static Destination to(String host, String address) {
        return new Destination(host, host, address, 443);
    }

    private static AppTag tag(String app) {
        return new AppTag("LC01", "work", app, DeviceAssurance.TAG_VERIFIED, AppAssurance.AGENT_REPORTED);
    }
}
