package io.postern.gateway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Settings with keys and a list of the revoked in a folder, and commands that use them. */
final class TestingEnrolment {

    static final String SECRET = "0123456789abcdef0123456789abcdef";

    private final Path config;
    private String tenant = "acme";

    TestingEnrolment(Path folder) throws IOException {
        for (String name : List.of("k1", "k2", "gw.key")) {
            Files.setPosixFilePermissions(
                    Files.writeString(folder.resolve(name), SECRET), PosixFilePermissions.fromString("rw-------"));
        }
        Files.writeString(folder.resolve("gw.crt"), "certificate");
        Files.writeString(folder.resolve("revoked"), "# nobody yet\n");
        config = folder.resolve("postern.yaml");
        keys("{id: k1, secret-file: k1}");
    }

    /** Other keys, the first of which signs. */
    void keys(String list) throws IOException {
        identity("identity: {tenant: %s, tag-keys: [%s], revoked-file: revoked}\n".formatted(tenant, list));
    }

    /** Settings beside the listeners. */
    void identity(String yaml) throws IOException {
        Files.writeString(config, """
                listeners:
                  - {name: apps, type: http-connect, bind: "127.0.0.1:8080"}
                  - {name: tls, type: http-connect, bind: "0.0.0.0:8443", tls: {certificate: gw.crt, key: gw.key}}
                  - {name: socks, type: socks5, bind: "127.0.0.1:1080"}
                """ + yaml);
    }

    void tenant(String name) throws IOException {
        tenant = name;
        keys("{id: k1, secret-file: k1}");
    }

    int run(TestingTerminal terminal, String command, String... options) {
        List<String> all = new ArrayList<>(List.of(command, "--config", config.toString()));
        all.addAll(List.of(options));
        return terminal.run(all.toArray(String[]::new));
    }
}
