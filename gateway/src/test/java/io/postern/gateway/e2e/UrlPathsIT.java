package io.postern.gateway.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.SettingsReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Paths of requests are written where somebody answers for it, for as long as that says, and nowhere else. */
class UrlPathsIT {

    private static final String PATH = "/clinic/appointments";
    private static final String QUERY = "?name=smith";
    private static final String APP = "com.acme.app";
    private static final String ON = "privacy: {url-paths: {purpose: case 17, approver: dpo, until: %s}%s}\n";

    @TempDir
    Path dir;

    private JsonNode record(String more, boolean tunnelled) throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, more, "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnelled
                        ? TestingClient.tunnel(gateway, origin.authority(), APP)
                                .send("GET " + PATH + QUERY + " HTTP/1.1\r\nHost: " + origin.authority() + "\r\n\r\n")
                        : TestingClient.to(gateway).send(TestingClient.get(origin, PATH + QUERY, APP));
                TestingConnection server = origin.accept()) {
            assertThat(server.head()).startsWith("GET " + PATH + QUERY + " HTTP/1.1");
            server.send("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 204");
            server.close();
            client.close();
            return gateway.record(origin);
        }
    }

    private List<String> filesWith(String word) throws IOException {
        try (Stream<Path> all = Files.walk(dir)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> {
                        try {
                            return Files.readString(file, ISO_8859_1).contains(word);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .map(file -> dir.relativize(file).toString())
                    .toList();
        }
    }

    @Test
    void withoutAGuardNoPathIsAnywhere() throws Exception {
        for (boolean tunnelled : new boolean[] {false, true}) {
            JsonNode line = record("", tunnelled);
            assertThat(line.at("/app_name").asString()).isEqualTo("http");
            assertThat(line.at("/unmapped/postern").has("http_path")).isFalse();
            assertThat(line.at("/unmapped/postern").has("http_path_class")).isEqualTo(tunnelled);
        }
        assertThat(filesWith("clinic")).isEmpty();
        assertThat(filesWith("smith")).isEmpty();
    }

    @Test
    void withOneThePathIsWrittenAndWhoAnswersForIt() throws Exception {
        for (boolean tunnelled : new boolean[] {false, true}) {
            assertThat(record(ON.formatted("2099-12-31", ""), tunnelled)
                            .at("/unmapped/postern/http_path")
                            .asString())
                    .isEqualTo(PATH);
        }
        assertThat(filesWith("smith")).isEmpty();
        assertThat(Files.readString(dir.resolve("var/audit.ndjson")))
                .contains("privacy.url-paths", "dpo", "until 2099-12-31; case 17");
    }

    @Test
    void queriesAreASwitchOfTheirOwn() throws Exception {
        assertThat(record(ON.formatted("2099-12-31, queries: true", ""), false)
                        .at("/unmapped/postern/http_path")
                        .asString())
                .isEqualTo(PATH + QUERY);
        assertThat(Files.readString(dir.resolve("var/audit.ndjson"))).contains("until 2099-12-31, queries; case 17");
    }

    @Test
    void notAfterTheLastDayNorOfWhatIsAPersonsOwn() throws Exception {
        assertThat(record(ON.formatted("2020-01-31", ""), false)
                        .at("/unmapped/postern")
                        .has("http_path"))
                .isFalse();
        assertThat(record(ON.formatted("2099-12-31", ", personal-profiles: [work]"), false)
                        .at("/unmapped/postern")
                        .has("http_path"))
                .isFalse();
        assertThat(filesWith("clinic")).isEmpty();
    }

    /** Nothing refuses to begin more loudly than a setting that is not whole. */
    @Test
    void itIsRefusedWithoutPurposeApproverAndEnd() throws Exception {
        Files.writeString(dir.resolve("some.yaml"), "privacy: {url-paths: {queries: true}}\n");
        assertThat(SettingsReader.read(dir.resolve("some.yaml")).problems().toString())
                .contains("privacy.url-paths", "purpose", "approver", "until");
    }
}
