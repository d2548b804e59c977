package io.postern.bench;

import io.postern.config.document.Reading;
import io.postern.config.policy.Policy;
import io.postern.config.policy.PolicyWatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * A policy as an enterprise may have it, in files: an inventory, roles, rules on service class, destination, port,
 * protocol and app in turn, and exceptions that all lift the one rule the sample flow meets. No rule blocks that flow.
 */
final class PolicyFolder implements AutoCloseable {

    /** So many entries stay within what one file may have. */
    private static final int PER_FILE = 5_000;

    private final Path folder;
    private final String exceptions0;
    private final PolicyWatcher watcher;
    private int changes;

    PolicyFolder(int rules, int exceptions) throws IOException {
        folder = Files.createTempDirectory("policy");
        Files.writeString(folder.resolve("apps.yaml"), """
                categories: {field: {}, mail: {}}
                roles: {web: {destinations: ['*.example.com'], ports: {tls: [443]}, outside: {action: alert}}}
                apps: {com.acme.field: {category: field, role: web, approved: true}}
                """);
        write("rules", rules, PolicyFolder::rule);
        write("exceptions", exceptions, PolicyFolder::exception);
        exceptions0 = exceptions == 0 ? "" : Files.readString(folder.resolve("exceptions0.yaml"));
        watcher = new PolicyWatcher(List.of("*.yaml"), folder, Clock.systemUTC());
    }

    /** @param helpers read several files at once */
    Policy read(Executor helpers) {
        Reading<Policy> reading = new PolicyWatcher(List.of("*.yaml"), folder, Clock.systemUTC(), helpers).get();
        return reading.value().orElseThrow(() -> new IllegalStateException(reading.toString()));
    }

    /** Changes the first file of exceptions, and reads as a gateway that looks for changes does. */
    Policy readChanged() throws IOException {
        Path file = folder.resolve("exceptions0.yaml");
        Files.writeString(file, "# change " + ++changes + "\n" + exceptions0);
        Reading<Policy> reading = watcher.get();
        return reading.value().orElseThrow(() -> new IllegalStateException(reading.toString()));
    }

    private void write(String section, int count, IntFunction<String> entry) throws IOException {
        for (int from = 0; from < count; from += PER_FILE) {
            StringBuilder text = new StringBuilder(section).append(":\n");
            for (int i = from; i < Math.min(count, from + PER_FILE); i++) {
                text.append("  - {").append(entry.apply(i)).append("}\n");
            }
            Files.writeString(folder.resolve(section + from + ".yaml"), text);
        }
    }

    private static String rule(int i) {
        if (i == 0) {
            return "name: rule-0, when: {category: field, protocol: tls}, action: block, mode: shadow";
        }
        String when =
                switch (i % 6) {
                    case 0 -> "category: mail, service-class: cloud-storage";
                    case 1 -> "destination: ['*.bad" + i + ".example', 'worse" + i + ".example']";
                    case 2 -> "port: [" + (1000 + i) + ", '" + (20000 + i) + "-" + (20001 + i) + "']";
                    case 3 -> "category: field, protocol: http";
                    case 4 -> "destination: ['198.51." + i / 256 % 256 + "." + i % 256 + "/32'], protocol: tls";
                    default -> "app: com.acme.app" + i + ", protocol: tls, port: 443";
                };
        return "name: rule-" + i + ", when: {" + when + "}, action: block, mode: enforce";
    }

    private static String exception(int i) {
        String scope =
                switch (i % 3) {
                    case 0 -> "app: com.acme.app" + i;
                    case 1 -> "destination: 'host" + i + ".example.com'";
                    default -> "app: com.acme.field, destination: '198.51." + i / 256 % 256 + "." + i % 256 + "'";
                };
        return "rule: rule-0, " + scope + ", owner: team-" + i % 100 + ", reason: 'as asked', until: 2099-12-31";
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
