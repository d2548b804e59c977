package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whose an inner address is, told by FreeRADIUS' client and by the admin API, between namespaces that the test makes and
 * that end with it.
 */
@Tag("real")
class AccountingIT {

    @TempDir
    private Path dir;

    @Test
    void anAddressIsItsSessionsUntilThatEnds() throws Exception {
        Led.secret(dir, "k1");
        Led.secret(dir, "secret");
        Files.writeString(dir.resolve("postern.yaml"), """
                listeners: [{name: tunnel, type: transparent, bind: "0.0.0.0:15001"}]
                identity:
                  tenant: acme
                  tag-keys: [{id: k1, secret-file: k1}]
                  radius:
                    bind: "127.0.0.1:1813"
                    clients: [{name: vpn1, sources: [127.0.0.1/32], secret-file: secret, networks: [10.77.0.0/24]}]
                    device: user-name
                    require-message-authenticator: true
                    require-event-timestamp: false
                upstream: {allow-networks: ["198.18.7.0/24"]}
                limits: {flows: 200}
                state: {dir: var}
                records: {flows: {file: flows.ndjson}}
                """);
        Program.installed("radclient", "freeradius-utils", dir);
        Program.installed("socat", "socat", dir);
        assertThat(Led.run(dir, "accounting.sh"))
                .containsExactly(
                        "stranger reset",
                        "start answered",
                        "started 200 0",
                        "stop answered",
                        "session reset",
                        "stopped reset",
                        "unmarked silence",
                        "forged silence",
                        "status answered",
                        "PUT 201",
                        "put 200 0",
                        "PUT 200",
                        "assigned reset",
                        "replaced 200 0",
                        "DELETE 200",
                        "deleted reset");

        FlowLines flows = new FlowLines(dir.resolve("flows.ndjson"));
        assertThat(flows.all().stream()
                        .map(line -> line.at("/device/uid").asString("-") + " "
                                + line.at("/actor/app_uid").asString() + " "
                                + line.at("/unmapped/postern/device_assurance").asString())
                        .distinct())
                .containsExactlyInAnyOrder("LC01 - address", "LC02 com.acme.mail tunnel-key", "LC03 - address");
    }
}
