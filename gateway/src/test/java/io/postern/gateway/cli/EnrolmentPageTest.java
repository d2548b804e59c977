package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every {@code ./postern} command of docs/enrolment.md is run as it stands there, in its order. */
class EnrolmentPageTest {

    private static final Path PAGE = Path.of("..", "docs", "enrolment.md");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final Set<String> FILES = Set.of("--config", "--ca", "--devices", "--out");

    @TempDir
    Path folder;

    @Test
    void everyCommandDoesWhatThePageSays() throws IOException {
        new TestingEnrolment(folder);
        Files.writeString(folder.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\n");
        Files.writeString(folder.resolve("fleet.csv"), list());
        List<String> commands = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("./postern "))
                .toList();

        assertThat(commands).hasSizeGreaterThan(12);
        for (String command : commands) {
            TestingTerminal terminal = new TestingTerminal();
            assertThat(terminal.run(words(command)))
                    .as("%s: %s", command, terminal.err())
                    .isZero();
            assertThat(terminal.out()).as(command).isNotBlank();
        }
        assertThat(Files.readAllLines(folder.resolve("revoked")))
                .contains("# lost on the train", "device LC02", "key k0", "token 5d1f");
        assertThat(folder.resolve("profiles")).isDirectoryContaining("glob:**/LC02.10.json");
    }

    /** The list that the page shows. */
    private static String list() throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf("device,profile,address,apps\n");
        return page.substring(start, page.indexOf("```", start));
    }

    private String[] words(String command) {
        String line = command.substring("./postern ".length());
        int redirect = line.indexOf(" > ");
        Matcher matcher = WORD.matcher(redirect < 0 ? line : line.substring(0, redirect));
        List<String> words = new ArrayList<>();
        while (matcher.find()) {
            String word = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            boolean file = !words.isEmpty() && FILES.contains(words.get(words.size() - 1));
            words.add(file ? folder.resolve(word).toString() : word);
        }
        return words.toArray(String[]::new);
    }
}
