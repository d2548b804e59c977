package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Logs of Zeek's that other people made, with and without malware in them: every pair has a score by every method, and where
 * the labelled ones are among all is told. {@code -Dcorpus=DIR} as of {@link CorpusIT}.
 */
@Tag("real")
class TimingIT {

    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    private Path dir;

    @Test
    void everyPairHasItsScores(TestReporter reporter) throws IOException {
        Optional<Path> corpus = CorpusIT.corpus(reporter);
        if (corpus.isEmpty()) {
            return;
        }
        List<Path> sets;
        try (Stream<Path> folders = Files.list(corpus.get().resolve("timing"))) {
            sets = folders.filter(Files::isDirectory).sorted().toList();
        }
        assertThat(sets).isNotEmpty();
        for (Path set : sets) {
            String id = set.getFileName().toString().replaceFirst("_.*", "");
            JsonNode truth = JSON.readTree(Files.readString(corpus.get().resolve("truth/" + id + ".json")));
            Program.Ended ended =
                    ServedGateway.launcher(dir).run("replay", "--compare", "--json", "--out", id, set.toString());
            assertThat(ended.exit()).as(ended.err()).isZero();
            List<JsonNode> scores = lines(dir.resolve(id).resolve("scores.ndjson"));
            expectEveryPair(lines(dir.resolve(id).resolve("flows.ndjson")), scores);
            Set<String> methods = new TreeSet<>(scores.get(0).at("/scores").propertyNames());
            assertThat(methods).isNotEmpty();
            for (String method : methods) {
                reporter.publishEntry(set.getFileName() + " " + method, told(scores, method, truth));
            }
        }
    }

    private static void expectEveryPair(List<JsonNode> flows, List<JsonNode> scores) {
        Set<String> addresses = new HashSet<>();
        flows.forEach(flow -> addresses.add(flow.at("/src_endpoint/ip").asString()));
        Set<String> scored = new HashSet<>();
        scores.forEach(score -> scored.add(score.at("/device").asString()));
        assertThat(scored).isEqualTo(addresses);
        Set<String> first = new TreeSet<>(scores.get(0).at("/scores").propertyNames());
        assertThat(scores)
                .allSatisfy(
                        score -> assertThat(new TreeSet<>(score.at("/scores").propertyNames()))
                                .isEqualTo(first));
    }

    /** Where the labelled pairs are among all, and how many others are as good. */
    private static String told(List<JsonNode> scores, String method, JsonNode truth) {
        List<String> told = new ArrayList<>();
        told.add(scores.size() + " pairs");
        for (JsonNode positive : truth.at("/positives")) {
            for (JsonNode score : scores) {
                if (score.at("/device").asString().equals(positive.at("/src").asString())
                        && score.at("/destination")
                                .asString()
                                .equals(positive.at("/dst").asString())) {
                    double own = score.at("/scores").get(method).asDouble();
                    long better = scores.stream()
                            .filter(other -> other.at("/scores").get(method).asDouble() > own)
                            .count();
                    long alike = scores.stream()
                            .filter(other -> other.at("/scores").get(method).asDouble() == own)
                            .count();
                    told.add(String.format(
                            Locale.ROOT,
                            "%s -> %s: %.1f, rank %d%s",
                            positive.at("/src").asString(),
                            positive.at("/dst").asString(),
                            own,
                            better + 1,
                            alike > 1 ? " with " + (alike - 1) + " others" : ""));
                }
            }
        }
        for (int least : new int[] {40, 70, 90}) {
            told.add(scores.stream()
                            .filter(score -> score.at("/scores").get(method).asDouble() >= least)
                            .count()
                    + " of " + least + " or more");
        }
        return String.join("; ", told);
    }

    static List<JsonNode> lines(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(JSON::readTree).toList();
        }
    }
}
