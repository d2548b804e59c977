package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.privacy.Pseudonyms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of recorded flows under another policy. */
class WhatIfCommandTest {

    /** One line as a gateway writes it, with what a test changes of it. */
    private static final String LINE = "{\"class_uid\":4001,\"activity_id\":2,\"start_time\":1763719200000,"
            + "\"device\":{\"type_id\":5,\"uid\":\"LC01\"},\"actor\":{\"app_uid\":\"com.acme.mail\"},"
            + "\"app_name\":\"tls\",\"dst_endpoint\":{\"ip\":\"192.0.2.7\",\"port\":443,\"hostname\":\"www.box.com\"},"
            + "\"tls\":{\"sni\":\"www.box.com\"},\"unmapped\":{\"postern\":{\"profile\":\"work\","
            + "\"device_assurance\":\"tag-verified\",\"app_assurance\":\"device-asserted\",\"basis\":\"bytes\","
            + "\"verdict\":\"allow\",\"rules\":[],\"facts\":{\"locked\":true},\"exchanges\":[[0,1,2]]}}}\n";

    @TempDir
    Path dir;

    private final TestingTerminal terminal = new TestingTerminal();

    @BeforeEach
    void todays() throws IOException {
        Files.createFile(
                dir.resolve("k1"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(dir.resolve("k1"), "a secret of the tests, long enough.");
        Files.writeString(
                dir.resolve("postern.yaml"),
                "identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}\npolicy: {files: [today.yaml]}\n");
        Files.writeString(
                dir.resolve("today.yaml"),
                "rules: [{name: no-irc, when: {port: 6667}, action: block, mode: enforce}]\n");
    }

    @Test
    void tellsWhatIsNewlyBlockedAllowedAlertedAndThrottledByAppRuleAndDevice() throws IOException {
        Files.writeString(dir.resolve("next.yaml"), """
                rules:
                  - {name: no-cloud, when: {service-class: cloud-storage, device: {locked: true}}, action: block, mode: enforce}
                  - {name: watch, when: {port: 8443}, action: alert}
                  - {name: slow, when: {destination: cdn.acme.example}, action: throttle, mode: enforce}
                """);
        Files.writeString(
                dir.resolve("flows.ndjson"),
                LINE
                        + LINE.replace("LC01", "LC02")
                        + LINE.replace("\"locked\":true", "\"locked\":false")
                        + LINE.replace("\"port\":443", "\"port\":8443").replace("www.box.com", "a.example")
                        + LINE.replace("\"port\":443", "\"port\":6667").replace("www.box.com", "irc.example")
                        + LINE.replace("www.box.com", "cdn.acme.example"));

        JsonNode summary = run();
        assertThat(summary.at("/flows").asInt()).isEqualTo(6);
        assertThat(summary.at("/broken").asInt()).isZero();
        assertThat(rows(summary))
                .containsExactly(
                        "blocked com.acme.mail no-cloud 2 2",
                        "allowed com.acme.mail no-irc 1 1",
                        "throttled com.acme.mail slow 1 1",
                        "alerted com.acme.mail watch 1 1");
        assertThat(summary.at("/devices/0/device").asString()).isEqualTo("LC01");
        assertThat(summary.at("/devices/0/blocked").asInt()).isEqualTo(1);

        terminal.run("whatif", "--config", file("postern.yaml"), "--policy", file("next.yaml"), file("flows.ndjson"));
        assertThat(terminal.out())
                .contains("blocked    com.acme.mail  no-cloud  2      2")
                .contains("2 newly blocked, 1 newly throttled, 1 newly alerted, 1 newly allowed");
    }

    @Test
    void whatARecordDoesNotSayIsUnknownAndCounted() throws IOException {
        Files.writeString(dir.resolve("next.yaml"), """
                rules:
                  - {name: locked, when: {device: {locked: true}}, action: block, mode: enforce}
                  - {name: unheard, when: {device: {locked: unknown}}, action: alert}
                """);
        Files.writeString(
                dir.resolve("flows.ndjson"),
                LINE.replace("\"facts\":{\"locked\":true},", "")
                        + LINE.replace("\"app_name\":\"tls\"", "\"app_name\":\"unknown\"")
                                .replace("\"basis\":\"bytes\"", "\"basis\":\"end\"")
                        + LINE.replace("\"port\":443", "\"port\":\"443\"")
                        + LINE.replace("4001", "2004")
                        + LINE.replace("\"activity_id\":2", "\"activity_id\":6")
                        + "{\"class_uid\":4001\n");

        JsonNode summary = run();
        assertThat(summary.at("/flows").asInt()).isEqualTo(2);
        assertThat(summary.at("/broken").asInt()).isEqualTo(2);
        assertThat(summary.at("/withoutFacts").asInt()).isEqualTo(1);
        assertThat(summary.at("/unrecognised").asInt()).isEqualTo(1);
        assertThat(rows(summary))
                .containsExactly("blocked com.acme.mail locked 1 1", "alerted com.acme.mail unheard 1 1");
    }

    /** Policy names devices by their ids, records by pseudonyms: by whichever key they were made. */
    @Test
    void groupsOfDevicesHoldForRecordsThatNameThemByPseudonyms() throws IOException {
        for (String key : List.of("p1", "p2")) {
            Files.createFile(
                    dir.resolve(key),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(dir.resolve(key), (key + " is a secret of the tests, long enough.").repeat(2));
        }
        Files.writeString(dir.resolve("postern.yaml"), """
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                policy: {files: [today.yaml]}
                privacy: {pseudonym-keys: [p2, p1]}
                """);
        Files.writeString(dir.resolve("next.yaml"), """
                groups: {lab: {devices: [LC01]}}
                rules: [{name: lab, when: {group: lab}, action: block, mode: enforce}]
                """);
        List<String> names = new ArrayList<>();
        for (String key : List.of("p1", "p2")) {
            names.add(Pseudonyms.by(List.of(dir.resolve(key)), (pseudonym, device) -> {}, word -> word)
                    .of("LC01"));
        }
        Files.writeString(
                dir.resolve("flows.ndjson"),
                LINE.replace("LC01", names.get(0))
                        + LINE.replace("LC01", names.get(1))
                        + LINE.replace("LC01", "pd-" + "0".repeat(32)));

        JsonNode summary = run();
        assertThat(summary.at("/flows").asInt()).isEqualTo(3);
        assertThat(rows(summary)).containsExactly("blocked com.acme.mail lab 2 1");
        assertThat(summary.at("/devices/0/device").asString()).isEqualTo(names.get(1));
        assertThat(summary.toString()).doesNotContain("LC01");
    }

    @Test
    void aPolicyZoneHoldsWhoeverItNamesByAddress() throws IOException {
        Files.writeString(dir.resolve("zone.rpz"), "$ORIGIN rpz.local.\n24.0.0.77.10.rpz-client-ip CNAME .\n");
        Files.writeString(dir.resolve("next.yaml"), """
                lists: {zone: {files: [zone.rpz], format: rpz}}
                rules: [{name: zone, when: {list: zone}, action: block, mode: enforce}]
                """);
        Files.writeString(
                dir.resolve("flows.ndjson"),
                LINE
                        + LINE.replace(
                                "\"dst_endpoint\"",
                                "\"src_endpoint\":{\"ip\":\"10.77.0.5\",\"port\":40000},\"dst_endpoint\"")
                        + LINE.replace(
                                "\"dst_endpoint\"",
                                "\"src_endpoint\":{\"ip\":\"192.0.2.5\",\"port\":40000},\"dst_endpoint\""));

        assertThat(rows(run())).containsExactly("blocked com.acme.mail zone 1 1");
    }

    @Test
    void whatAFindingSaidThenStandsUnlessItIsExcepted() throws IOException {
        Files.writeString(
                dir.resolve("flows.ndjson"),
                LINE.replace(
                        "\"rules\":[]",
                        "\"rules\":[{\"name\":\"AN1827, device not proved\",\"action\":\"block\",\"mode\":\"enforce\","
                                + "\"effect\":\"block\"}]"));
        Files.writeString(
                dir.resolve("next.yaml"),
                "rules: [{name: mine, when: {app: com.acme.mail}, action: allow, mode: enforce}]\n");
        assertThat(rows(run())).containsExactly("allowed com.acme.mail AN1827 1 1");
    }

    @Test
    void aPolicyThatDoesNotReadIsBadUsageAndABrokenInputAFailure() throws IOException {
        Files.writeString(dir.resolve("next.yaml"), "rules: [{name: x}]\n");
        Files.writeString(dir.resolve("flows.ndjson"), LINE);
        String[] arguments = {
            "whatif", "--config", file("postern.yaml"), "--policy", file("next.yaml"), file("flows.ndjson")
        };
        assertThat(terminal.run(arguments)).isEqualTo(Postern.BAD_USAGE_OR_CONFIGURATION);
        assertThat(terminal.err()).contains("next.yaml:1:");
        Files.writeString(dir.resolve("next.yaml"), "rules: []\n");
        arguments[5] = file("absent.ndjson");
        assertThat(terminal.run(arguments)).isEqualTo(Postern.FAILED);
        assertThat(terminal.err()).contains("absent.ndjson: no such file");
    }

    @Test
    void whatIsNeverBrokenAndWhereCredentialsAreRenewedIsNotBlocked() throws IOException {
        Files.writeString(
                dir.resolve("postern.yaml"),
                "identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], renewal: ['renew.example:443']}\n"
                        + "policy: {files: [today.yaml]}\n"
                        + "response: {never-break: [{hosts: [push.example], ports: [443]}]}\n");
        Files.writeString(
                dir.resolve("flows.ndjson"),
                LINE + LINE.replace("www.box.com", "push.example") + LINE.replace("www.box.com", "renew.example"));
        Files.writeString(
                dir.resolve("next.yaml"), "rules: [{name: all, when: {port: 443}, action: block, mode: enforce}]\n");
        assertThat(rows(run())).containsExactly("blocked com.acme.mail all 1 1");
    }

    private JsonNode run() {
        TestingTerminal own = new TestingTerminal();
        assertThat(own.run(
                        "whatif",
                        "--json",
                        "--config",
                        file("postern.yaml"),
                        "--policy",
                        file("next.yaml"),
                        file("flows.ndjson")))
                .as(own.err())
                .isEqualTo(Postern.OK);
        return JsonMapper.shared().readTree(own.out());
    }

    private String file(String name) {
        return dir.resolve(name).toString();
    }

    private static List<String> rows(JsonNode summary) {
        return StreamSupport.stream(summary.get("rows").spliterator(), false)
                .map(row -> String.join(
                        " ",
                        row.get("change").asString(),
                        row.get("app").asString(),
                        row.get("rule").asString(),
                        row.get("flows").asString(),
                        row.get("devices").asString()))
                .toList();
    }
}
