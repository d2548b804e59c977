package io.postern.gateway.facts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Health;
import io.postern.analytics.context.ContextEvent.Installed;
import io.postern.analytics.context.ContextEvent.Interacted;
import io.postern.analytics.context.ContextEvent.Locked;
import io.postern.analytics.context.ContextEvent.Owns;
import io.postern.analytics.context.ContextEvent.Removed;
import io.postern.analytics.context.ContextEvent.Said;
import io.postern.analytics.context.ContextEvent.UsedCrypto;
import io.postern.analytics.context.Truth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each with the shapes of androidmanagement v1, revision 20260917. */
class AmapiPushTest {

    private static final String DEVICE = "enterprises/LC01/devices/3a1f9c0d";
    private static final String SECURED = usage("1", "KEYGUARD_SECURED", "\"keyguardSecuredEvent\":{}");

    private final UidMap uids = new UidMap();
    private final List<ContextEvent> events = new ArrayList<>();
    private final List<Told.Fault> faults = new ArrayList<>();
    private int unused;

    @Test
    void theKeyguardTellsOfTheLockAndOfSomebodyAtTheDevice() {
        read("USAGE_LOGS", batch(SECURED, usage("2", "KEYGUARD_DISMISSED", "\"keyguardDismissedEvent\":{}")));
        assertThat(events)
                .extracting(ContextEvent::said)
                .containsExactly(new Locked(true), new Locked(false), new Interacted());
        assertThat(events).allSatisfy(event -> {
            assertThat(event.device()).isEqualTo("3a1f9c0d");
            assertThat(event.profile()).isEqualTo("work");
            assertThat(event.source()).isEqualTo("management");
            assertThat(event.batched()).isTrue();
            assertThat(event.timeMillis())
                    .isEqualTo(Instant.parse("2026-10-09T08:15:23.456Z").toEpochMilli());
        });
        assertThat(events).extracting(ContextEvent::id).doesNotHaveDuplicates();
    }

    @Test
    void connectTellsWhoseAFlowIs() {
        read("USAGE_LOGS", batch(usage("1", "CONNECT", """
                "connectEvent":{"destinationIpAddress":"2001:DB8::1","destinationPort":443,"packageName":"com.acme.mail"}""")));
        assertThat(said()).containsExactly(new Owns(false, 0, "2001:db8::1", 443, List.of("com.acme.mail")));
    }

    /** A process start is the only map from UID to packages, and tells nothing of foreground or background. */
    @Test
    void keyEventsAreOfThePackagesOfTheirUid() {
        String made = usage("2", "KEY_GENERATED", """
                "keyGeneratedEvent":{"applicationUid":10123,"keyAlias":"k","success":true}""");
        read("USAGE_LOGS", batch(made));
        assertThat(events).isEmpty();
        read(
                "USAGE_LOGS",
                batch(
                        usage("1", "APP_PROCESS_START", """
                        "appProcessStartEvent":{"processInfo":{"processName":"com.acme.mail:sync","packageNames":
                        ["com.acme.mail","com.acme.mail.plugin"],"uid":10123,"pid":812,"seinfo":"default",
                        "startTime":"2026-10-09T08:15:20Z","apkSha256Hash":"abc"}}"""),
                        made,
                        usage("3", "KEY_IMPORT", """
                        "keyImportEvent":{"applicationUid":10123,"keyAlias":"k","success":false}"""),
                        usage("4", "KEY_DESTRUCTION", """
                        "keyDestructionEvent":{"applicationUid":10999,"keyAlias":"k","success":true}""")));
        UsedCrypto keygen = new UsedCrypto(UsedCrypto.Operation.KEYGEN, "", OptionalLong.empty());
        assertThat(said()).containsExactly(keygen, keygen);
        assertThat(events)
                .extracting(event -> event.app().orElseThrow().name())
                .containsExactly("com.acme.mail", "com.acme.mail.plugin");
        assertThat(keygen.operation().onData()).isFalse();
    }

    /** Copied by adb: no staging of an app's. */
    @ParameterizedTest
    @ValueSource(strings = {"FILE_PULLED", "FILE_PUSHED", "OS_STARTUP", "NO_SUCH"})
    void whatMeansNothingHereIsPassedOver(String type) {
        read("USAGE_LOGS", batch(usage("1", type, "\"filePulledEvent\":{\"filePath\":\"/x\"}")));
        assertThat(events).isEmpty();
        assertThat(faults).isEmpty();
        assertThat(unused).isEqualTo(1);
    }

    @Test
    void aStatusReportTellsOfAppsAndHealth() {
        String signer = "ab".repeat(32);
        read("STATUS_REPORT", """
                {"name":"%s","policyCompliant":false,"lastStatusReportTime":"2026-10-09T08:00:00Z",
                 "securityPosture":{"devicePosture":"AT_RISK","postureDetails":[{"securityRisk":"UNKNOWN_OS"}]},
                 "softwareInfo":{"securityPatchLevel":"2026-09-05"},
                 "applicationReports":[
                  {"packageName":"com.acme.mail","displayName":"Mail","applicationSource":"INSTALLED_FROM_PLAY_STORE",
                   "installerPackageName":"com.android.vending","versionCode":412,"versionName":"4.1.2","state":"INSTALLED",
                   "packageSha256Hash":"x","signingKeyCertFingerprints":["%s","%s"],
                   "events":[{"eventType":"INSTALLED","createTime":"2026-10-09T07:00:00Z"},
                             {"eventType":"CHANGED","createTime":"2026-10-09T07:30:00Z"},
                             {"eventType":"CHANGED","createTime":"2026-10-09T07:10:00Z"}]},
                  {"packageName":"com.acme.old","state":"REMOVED","events":
                   [{"eventType":"REMOVED","createTime":"2026-10-09T06:00:00Z"}]}]}""".formatted(DEVICE, "cd".repeat(20), signer));
        assertThat(said())
                .containsExactly(
                        new Health(Truth.FALSE, Health.Risk.AT_RISK, "2026-09-05"),
                        new Installed(
                                true,
                                Optional.empty(),
                                "4.1.2",
                                "com.android.vending",
                                signer,
                                OptionalLong.of(
                                        Instant.parse("2026-10-09T07:00:00Z").toEpochMilli()),
                                OptionalLong.of(
                                        Instant.parse("2026-10-09T07:30:00Z").toEpochMilli()),
                                Set.of()),
                        new Removed());
        assertThat(events.get(1).app().orElseThrow().versionCode()).hasValue(412);
        assertThat(events.get(2).timeMillis())
                .isEqualTo(Instant.parse("2026-10-09T06:00:00Z").toEpochMilli());
    }

    @Test
    void whatIsDeliveredTwiceHasTheSameIds() {
        read("USAGE_LOGS", batch(SECURED));
        read("USAGE_LOGS", batch(SECURED));
        assertThat(events.get(0)).isEqualTo(events.get(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"message\":7}",
                "{\"message\":{\"messageId\":\"m1\",\"attributes\":{\"notificationType\":\"USAGE_LOGS\"},\"data\":\"~\"}}",
                "{\"message\":{\"messageId\":\"m1\",\"attributes\":{\"notificationType\":\"USAGE_LOGS\"},\"data\":\"W10=\"}}",
                "{\"message\":{\"messageId\":\"m1\",\"attributes\":{\"notificationType\":\"USAGE_LOGS\"},\"data\":\"e30=\"}}",
            })
    void whatCannotBeReadIsAFault(String body) {
        push().read(body.getBytes(UTF_8), this::told);
        assertThat(faults).hasSize(1);
    }

    @Test
    void oneBadEventLeavesTheOthers() {
        read(
                "USAGE_LOGS",
                batch(
                        usage("1", "CONNECT", "\"connectEvent\":{\"destinationIpAddress\":\"x\"}"),
                        SECURED.replace("\"eventId\":\"1\"", "\"eventId\":7"),
                        SECURED.replace("2026-10-09T", "2026-10-09 "),
                        "[]",
                        SECURED));
        assertThat(said()).containsExactly(new Locked(true), new Locked(true));
        assertThat(faults).hasSize(3);
    }

    /** Nothing remembers yet whose question it was. */
    @Test
    void questionsOfNamesAreUnderstoodAndNotUsed() {
        read(
                "USAGE_LOGS",
                batch(
                        usage("1", "DNS", """
                                "dnsEvent":{"hostname":"_dns.resolver.arpa","ipAddresses":["192.0.2.1"],
                                "packageName":"com.acme.mail","totalIpAddressesReturned":"1"}"""),
                        usage("2", "DNS", "\"dnsEvent\":{\"hostname\":\"a.example\"}"),
                        usage("3", "DNS", "\"dnsEvent\":{\"hostname\":\"\",\"packageName\":\"com.acme.mail\"}")));
        assertThat(events).isEmpty();
        assertThat(unused).isEqualTo(1);
        assertThat(faults).hasSize(2);
    }

    @Test
    void otherNotificationsAreNotOurs() {
        read("ENROLLMENT", "{}");
        assertThat(faults).isEmpty();
        assertThat(unused).isEqualTo(1);
    }

    private List<Said> said() {
        return events.stream().map(ContextEvent::said).toList();
    }

    private AmapiPush push() {
        return new AmapiPush("management", "work", uids);
    }

    private void read(String type, String resource) {
        AmapiPush push = push();
        push.read(wrapped(type, resource).getBytes(UTF_8), this::told);
        unused = push.unused();
    }

    private void told(Told told, int place) {
        if (told instanceof Told.Event event) {
            events.add(event.event());
        } else if (told instanceof Told.Fault fault) {
            faults.add(fault);
        }
    }

    static String wrapped(String type, String resource) {
        return "{\"message\":{\"attributes\":{\"notificationType\":\"" + type + "\"},\"data\":\""
                + Base64.getEncoder().encodeToString(resource.getBytes(UTF_8))
                + "\",\"messageId\":\"2070443601311540\",\"publishTime\":\"2026-10-09T09:00:00.000Z\"},"
                + "\"subscription\":\"projects/p/subscriptions/s\"}";
    }

    static String batch(String... events) {
        return "{\"device\":\"" + DEVICE + "\",\"retrievalTime\":\"2026-10-09T09:00:00Z\",\"usageLogEvents\":["
                + String.join(",", events) + "]}";
    }

    static String usage(String id, String type, String event) {
        return "{\"eventId\":\"" + id + "\",\"eventTime\":\"2026-10-09T08:15:23.456Z\",\"eventType\":\"" + type + "\","
                + event + "}";
    }
}
