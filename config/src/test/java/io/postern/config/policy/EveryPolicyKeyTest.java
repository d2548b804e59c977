package io.postern.config.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import io.postern.config.document.Setting;
import io.postern.config.document.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The schema that editors complete from and the reader have the same keys, and none of them is without effect. */
class EveryPolicyKeyTest {

    private static final String EVERYTHING = """
            categories: {mail: {silent: [push]}}
            roles:
              mailer:
                service-classes: [push]
                destinations: ["*.acme.example"]
                ports: {tls: [443]}
                outside: {action: throttle, mode: enforce, rate: 1MiB}
                background: {allowed: false, poll: 15m}
                crypto: expected
                uplink-limit: 20MB
            apps:
              com.acme.mail: {category: mail, role: mailer, approved: true, owner: a, justification: b, review-by: 2099-06-30}
            users: {alice: {devices: [LC01]}}
            groups: {executives: {devices: [LC02], users: [alice]}}
            lists: {threats: {files: [feed, blank], format: rpz, subdomains: true, allow-empty: true}}
            service-classes: {intranet: {domains: [a.example], files: [classes]}}
            rules:
              - name: everything
                when:
                  app: [com.acme.mail]
                  category: [mail]
                  role: [mailer]
                  group: [executives]
                  profile: [work]
                  approved: true
                  managed: true
                  newly-installed: true
                  just-updated: true
                  signer-changed: true
                  posture: [compliant]
                  service-class: [intranet]
                  destination: [b.example]
                  list: [threats]
                  protocol: [tls]
                  basis: [bytes]
                  port: [443]
                  time: {days: [mon-fri], from: "08:00", to: "18:00", zone: Europe/Berlin}
                  device: {locked: true, background: true, no-interaction: 10m}
                action: throttle
                rate: 2MiB
                mode: enforce
                stage: 10%
            exceptions:
              - rule: everything
                app: [com.acme.mail]
                group: [executives]
                profile: [work]
                destination: [c.example]
                protocol: [tls]
                port: [443]
                owner: a
                reason: b
                until: 2099-12-31
              - {analytic: AN1827, owner: a, reason: b, until: 2099-12-31}
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void lists() throws IOException {
        Files.writeString(folder.resolve("feed"), "bad.example CNAME .\n", UTF_8);
        Files.writeString(folder.resolve("blank"), "\n", UTF_8);
        Files.writeString(folder.resolve("classes"), "d.example\n", UTF_8);
    }

    @Test
    void theTextAboveHasEveryKey() {
        List<String> missing = new ArrayList<>();
        missing(PolicyReader.shape().schema(), everything(), missing);

        assertThat(missing)
                .as("an exception has either a rule or an analytic")
                .containsExactly(
                        "exceptions[0].analytic",
                        "exceptions[1].rule",
                        "exceptions[1].app",
                        "exceptions[1].group",
                        "exceptions[1].profile",
                        "exceptions[1].destination",
                        "exceptions[1].protocol",
                        "exceptions[1].port");
    }

    private static void missing(JsonNode schema, Setting setting, List<String> missing) {
        JsonNode others = PolicyReader.shape().resolve(schema.path("additionalProperties"));
        if (others.has("properties")) {
            setting.members().values().forEach(member -> missing(others, member, missing));
        }
        if (!setting.value().isArray()) {
            schema.path("properties")
                    .properties()
                    .forEach(property -> setting.find(property.getKey())
                            .ifPresentOrElse(
                                    member ->
                                            missing(PolicyReader.shape().resolve(property.getValue()), member, missing),
                                    () -> missing.add((setting.path().isEmpty() ? "" : setting.path() + ".")
                                            + property.getKey())));
        }
        JsonNode items = PolicyReader.shape().resolve(schema.path("items"));
        setting.items().forEach(item -> missing(items, item, missing));
    }

    /** Without any one of its keys the text is refused or another policy. */
    @Test
    void everyKeyHasAnEffect() throws IOException {
        JsonNode document = everything().value();
        Policy whole = read(document).orElseThrow();
        List<String> idle = new ArrayList<>();
        int keys = leaveOut(document, document, whole, "", idle);

        assertThat(idle).isEmpty();
        assertThat(keys).isGreaterThan(60);
    }

    private int leaveOut(JsonNode document, JsonNode here, Policy whole, String path, List<String> idle)
            throws IOException {
        int keys = 0;
        if (here instanceof ObjectNode mapping) {
            for (Map.Entry<String, JsonNode> member : List.copyOf(mapping.properties())) {
                keys += 1 + leaveOut(document, member.getValue(), whole, path + "/" + member.getKey(), idle);
                mapping.remove(member.getKey());
                if (read(document).equals(Optional.of(whole))) {
                    idle.add(path + "/" + member.getKey());
                }
                mapping.set(member.getKey(), member.getValue());
            }
        }
        for (int i = 0; here.isArray() && i < here.size(); i++) {
            keys += leaveOut(document, here.get(i), whole, path + "/" + i, idle);
        }
        return keys;
    }

    private static Setting everything() {
        return Yaml.read("everything", EVERYTHING.getBytes(UTF_8), new Problems())
                .orElseThrow();
    }

    /** JSON is YAML. The version is that of the bytes, so it always differs. */
    private Optional<Policy> read(JsonNode document) throws IOException {
        Files.writeString(folder.resolve("policy.yaml"), document.toString(), UTF_8);
        Reading<Policy> reading = PolicyReader.read(List.of("policy.yaml"), folder);
        return reading.value()
                .map(read -> new Policy(
                        "any",
                        read.categories(),
                        read.roles(),
                        read.apps(),
                        read.rules(),
                        read.exceptions(),
                        read.serviceClasses(),
                        read.users(),
                        read.groups(),
                        read.lists()));
    }
}
