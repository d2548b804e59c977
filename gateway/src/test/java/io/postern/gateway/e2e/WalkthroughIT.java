package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingSource.lock;
import static io.postern.gateway.e2e.TestingSource.taken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.gateway.cli.TestingTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs {@code docs/walkthrough-cloud-storage.md} from its first line to its last: files are written, commands are run and print
 * what the page says, devices open flows where it says so.
 */
class WalkthroughIT {

    private static final Path PAGE = Path.of("../docs/walkthrough-cloud-storage.md");
    private static final String STORAGE = "www.dropbox.com";
    private static final int DEVICES = 20;
    private static final int LOCKED = 10;
    private static final Set<String> OFFLINE = Set.of("whatif", "check");
    private static final Pattern TOLD = Pattern.compile("<!-- devices: refused ([0-9]+) -->");
    private static final String ANYTHING = "…";

    @TempDir
    Path dir;

    private final TestingClock clock = new TestingClock(Instant.parse("2026-11-21T08:00:00Z"));
    private final List<String> done = new ArrayList<>();

    @Test
    void doesWhatThePageSays() throws Exception {
        List<String> page = Files.readAllLines(PAGE);
        String first = String.join("\n", file(page, "policy.yaml")) + "\n";
        String more = """
                context:
                  bind: "127.0.0.1:0"
                  sources: [{name: agent, token-file: %s, devices: ["*"], reports: [lock]}]
                upstream: {allow-networks: ['127.0.0.0/8'], hosts: {www.dropbox.com: 127.0.0.1}}
                """.formatted(TestingSource.tokenFile(dir, "agent"));
        try (TestingGateway gateway = TestingGateway.start(dir, more, first, clock);
                TestingOrigin origin = new TestingOrigin()) {
            TestingSource agent = TestingSource.of(gateway, "agent");
            String locks = Stream.iterate(1, each -> each <= DEVICES, each -> each + 1)
                    .map(each -> lock("e" + each, clock.instant(), device(each), each <= LOCKED))
                    .collect(Collectors.joining());
            taken(agent.events(locks), DEVICES, 0, 0);
            gateway.awaitMetric("postern_analytic_keys{table=\"device-contexts\"}", DEVICES);
            follow(page, gateway, origin);
        }
        assertThat(done).filteredOn(each -> each.startsWith("cp ")).hasSize(5);
        assertThat(done).filteredOn(each -> each.contains("postern ")).hasSize(6);
        assertThat(done).filteredOn(each -> each.contains("devices: ")).hasSize(6);
    }

    private void follow(List<String> page, TestingGateway gateway, TestingOrigin origin) throws Exception {
        for (int at = 0; at < page.size(); at++) {
            String line = page.get(at);
            Matcher devices = TOLD.matcher(line);
            if (devices.matches()) {
                assertThat(refused(gateway, origin)).as(line).isEqualTo(Integer.parseInt(devices.group(1)));
                done.add(line);
            } else if (line.startsWith("```")) {
                int end = at + 1 + page.subList(at + 1, page.size()).indexOf("```");
                List<String> block = page.subList(at + 1, end);
                if (line.equals("```yaml")) {
                    write(block);
                } else {
                    run(block, gateway);
                }
                at = end;
            }
        }
    }

    /** The gateway's own settings have ports of the test's, and its first policy is there. */
    private void write(List<String> block) throws IOException {
        String name = block.get(0).substring("# ".length());
        if (!name.equals("postern.yaml") && !name.equals("policy.yaml")) {
            Files.write(dir.resolve(name), block);
        }
    }

    private static List<String> file(List<String> page, String name) {
        int at = page.indexOf("# " + name);
        return page.subList(at, at + page.subList(at, page.size()).indexOf("```"));
    }

    private void run(List<String> block, TestingGateway gateway) throws Exception {
        for (int at = 0; at < block.size(); ) {
            assertThat(block.get(at)).startsWith("$ ");
            String command = block.get(at).substring(2);
            List<String> output = block.subList(at + 1, block.size()).stream()
                    .takeWhile(line -> !line.startsWith("$ "))
                    .toList();
            List<String> words = List.of(command.split(" ", -1));
            if (words.get(0).equals("cp")) {
                replace(words, gateway);
            } else {
                same(command, output, printed(words, gateway));
            }
            done.add(command);
            at += 1 + output.size();
        }
    }

    private void replace(List<String> words, TestingGateway gateway) throws Exception {
        double before = gateway.metric("postern_policy_reloads_total{result=\"applied\"}");
        Files.copy(dir.resolve(words.get(1)), dir.resolve(words.get(2)), StandardCopyOption.REPLACE_EXISTING);
        gateway.gateway().reload();
        gateway.awaitMetricAtLeast("postern_policy_reloads_total{result=\"applied\"}", before + 1);
    }

    private String printed(List<String> words, TestingGateway gateway) {
        assertThat(words.get(0)).isEqualTo("./postern");
        List<String> arguments = new ArrayList<>();
        for (String word : words.subList(1, words.size())) {
            arguments.add(word.matches(".*[.](yaml|ndjson)") ? dir.resolve(word).toString() : word);
        }
        if (!OFFLINE.contains(words.get(1))) {
            arguments.addAll(List.of(
                    "--url",
                    "http://127.0.0.1:" + gateway.gateway().adminAddress().getPort(),
                    "--token-file",
                    dir.resolve("var/admin/token").toString()));
        }
        TestingTerminal terminal = new TestingTerminal();
        assertThat(terminal.run(arguments.toArray(String[]::new)))
                .as(terminal::err)
                .isZero();
        return terminal.out().replace(dir + "/", "");
    }

    /** But for runs of spaces, and what the page leaves open. */
    private static void same(String command, List<String> expected, String printed) {
        String shape = expected.stream()
                .map(line -> line.equals(ANYTHING)
                        ? "(?:.*\n)*?"
                        : Stream.of(line.strip().split(" +", -1))
                                        .map(WalkthroughIT::word)
                                        .collect(Collectors.joining(" +"))
                                + " *\n")
                .collect(Collectors.joining());
        assertThat(printed).as(command).matches(Pattern.compile(shape));
    }

    private static String word(String word) {
        return Stream.of(word.split(ANYTHING, -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    }

    /** Each device's mail app opens one flow. */
    private int refused(TestingGateway gateway, TestingOrigin origin) throws Exception {
        int refused = 0;
        int before = gateway.records().size();
        String target = STORAGE + ":" + origin.port();
        for (int each = 1; each <= DEVICES; each++) {
            try (TestingConnection client = TestingClient.to(gateway)
                    .send("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nProxy-Authorization: "
                            + TestingGateway.basic(TestingGateway.deviceTag(device(each))) + "\r\n\r\n")) {
                String head = client.head();
                if (head.startsWith("HTTP/1.1 403 ")) {
                    refused++;
                } else {
                    assertThat(head).startsWith("HTTP/1.1 200 ");
                    try (TestingConnection server = origin.accept()) {
                        client.send("\0");
                        assertThat(server.read(1)).isEqualTo("\0");
                    }
                }
            }
        }
        await().until(() -> gateway.records().size() == before + DEVICES);
        return refused;
    }

    private static String device(int number) {
        return String.format(Locale.ROOT, "LC%02d", number);
    }
}
