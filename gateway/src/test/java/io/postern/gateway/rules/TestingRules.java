package io.postern.gateway.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.policy.Policy;
import io.postern.config.policy.PolicyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** Rules read from a policy file as an operator writes it, with an app, a role, lists and groups that tests name. */
final class TestingRules {

    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private TestingRules() {}

    static Rules of(Path dir, String text) throws IOException {
        return of(dir, text, "");
    }

    /** @param outside what the role says of flows that leave it */
    static Rules of(Path dir, String text, String outside) throws IOException {
        return of(dir, text, outside, "*.acme.example");
    }

    static Rules of(Path dir, String text, String outside, String roleDestination) throws IOException {
        Files.writeString(dir.resolve("names"), "www.dropbox.com\n");
        Files.writeString(dir.resolve("addresses"), "198.51.100.0/24\n");
        Files.writeString(dir.resolve("elsewhere"), "*.bad.example\n192.0.2.1\n");
        Files.writeString(
                dir.resolve("p.yaml"),
                """
                lists: {names: {files: names}, addresses: {files: addresses}, elsewhere: {files: elsewhere}}
                users: {alice: {devices: [LC01]}}
                groups: {executives: {users: alice}, carriers: {devices: [LC01, LC02]}, field: {devices: LC02}}
                categories: {mail: {}, game: {}}
                roles:
                  mail-client:
                    ports: {tls: [993]}
                """
                        + "    destinations: [\"" + roleDestination + "\"]\n"
                        + (outside.isEmpty() ? "" : "    " + outside + "\n")
                        + "apps: {com.acme.mail: {category: mail, role: mail-client, approved: true}}\n"
                        + text);
        var reading = PolicyReader.read(List.of("p.yaml"), dir, Clock.fixed(NOW, ZoneOffset.UTC));
        assertThat(reading.problems()).isEmpty();
        Policy policy = reading.value().orElseThrow();
        return new Rules(policy);
    }
}
