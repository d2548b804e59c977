package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Captures of other people, of which this project holds none: {@code -Dcorpus=DIR} says where they are, beside
 * {@code score_replay.py}. Without it they are looked for in {@code ../shared/corpus}, and where they are not, that is said.
 */
@Tag("real")
class CorpusIT {

    private static final int MUTANTS_OF_EACH = 3;
    /** In bytes, of a mutant: what is larger is cut. */
    private static final int MOST = 1 << 20;

    @TempDir
    private Path dir;

    @Test
    void recognitionIsAsGoodAsItWas(TestReporter reporter) throws IOException {
        Optional<Path> corpus = corpus(reporter);
        if (corpus.isEmpty()) {
            return;
        }
        ServedGateway.launcher(dir);
        Program.Ended ended = Program.installed("python3", "python3", dir)
                .with("JAVA_HOME", System.getProperty("java.home"))
                .run(
                        corpus.get().resolveSibling("score_replay.py").toString(),
                        corpus.get().toString(),
                        ServedGateway.root().resolve("postern").toString());
        assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
        JsonNode figures = JsonMapper.shared()
                .readTree(ended.out().lines().reduce((one, next) -> next).orElseThrow());
        reporter.publishEntry("figures", figures.toString());
        assertThat(figures.at("/recall").asDouble()).as("recall, %").isGreaterThanOrEqualTo(97.5);
        assertThat(figures.at("/sni").asDouble()).as("server names, %").isEqualTo(100);
        assertThat(figures.at("/ja3").asDouble()).as("JA3, %").isGreaterThanOrEqualTo(99.5);
        assertThat(figures.at("/ja4").asDouble()).as("JA4, %").isGreaterThanOrEqualTo(99.5);
        assertThat(figures.at("/ja4_gold").asDouble()).as("JA4 confirmed, %").isEqualTo(100);
        assertThat(figures.at("/false").asInt()).as("false recognitions").isLessThanOrEqualTo(5);
    }

    /** By seeds: every capture is damaged a few times, and all are read to their ends, in little memory. */
    @Test
    void damageNeitherThrowsNorRunsOn(TestReporter reporter) throws IOException {
        Optional<Path> corpus = corpus(reporter);
        if (corpus.isEmpty()) {
            return;
        }
        List<String> arguments = new ArrayList<>(List.of("replay", "--json", "--out", "out"));
        List<Path> captures = captures(corpus.get());
        assertThat(captures).isNotEmpty();
        for (int seed = 0; seed < captures.size() * MUTANTS_OF_EACH; seed++) {
            Path mutant = dir.resolve(seed + ".pcap");
            Files.write(mutant, damaged(Files.readAllBytes(captures.get(seed / MUTANTS_OF_EACH)), new Random(seed)));
            arguments.add(mutant.getFileName().toString());
        }
        Program.Ended ended = ServedGateway.launcher(dir)
                .with("POSTERN_JAVA_OPTS", "-Xmx256m")
                .run(arguments);
        // Some are broken; of each there is one line, and nothing else is said.
        assertThat(ended.exit()).as(ended.err()).isEqualTo(1);
        assertThat(ended.err().lines()).allSatisfy(line -> assertThat(line).matches("\\d+\\.pcap: .+"));
        JsonNode summary = JsonMapper.shared().readTree(ended.out());
        assertThat(summary.at("/inputs").asInt()).isEqualTo(captures.size() * MUTANTS_OF_EACH);
        assertThat(summary.at("/broken").asInt())
                .isEqualTo((int) ended.err().lines().count());
        assertThat(summary.at("/flows").asLong())
                .isPositive()
                .isLessThanOrEqualTo(summary.at("/packets").asLong());
    }

    private static byte[] damaged(byte[] capture, Random random) {
        byte[] mutant = Arrays.copyOf(capture, Math.min(capture.length, MOST));
        if (mutant.length == 0) {
            return mutant;
        }
        for (int i = random.nextInt(64); i >= 0; i--) {
            mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
        }
        if (random.nextInt(4) == 0) {
            int block = random.nextInt(mutant.length);
            System.arraycopy(capture, random.nextInt(mutant.length - block + 1), mutant, mutant.length - block, block);
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(mutant, random.nextInt(mutant.length)) : mutant;
    }

    private static List<Path> captures(Path corpus) throws IOException {
        try (Stream<Path> files = Files.walk(corpus)) {
            return files.filter(file -> file.toString().matches(".*\\.pcap(ng)?"))
                    .sorted()
                    .toList();
        }
    }

    static Optional<Path> corpus(TestReporter reporter) {
        String named = System.getProperty("corpus");
        Path corpus = named == null ? ServedGateway.root().resolveSibling("shared/corpus") : Path.of(named);
        if (Files.isDirectory(corpus)) {
            return Optional.of(corpus);
        }
        assertThat(named).as("-Dcorpus names no folder").isNull();
        reporter.publishEntry("corpus", "there is none at " + corpus + ": nothing is asked");
        return Optional.empty();
    }
}
