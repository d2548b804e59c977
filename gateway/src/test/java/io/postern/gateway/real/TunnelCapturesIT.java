package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Other people's captures of DNS, without any context or baseline: tunnels are found by the names that are asked for, and nothing
 * is in what is odd and honest. {@code -Dcorpus=DIR} as of {@link CorpusIT}.
 */
@Tag("real")
class TunnelCapturesIT {

    @TempDir
    private Path dir;

    /** iodine's by 434 packets, dnscat2's by 382. */
    @Test
    void tunnelsAreFound(TestReporter reporter) throws IOException {
        Optional<Path> corpus = CorpusIT.corpus(reporter);
        if (corpus.isPresent()) {
            assertThat(found(corpus.get(), "D0166")).containsExactly("AN1793 pirate.sea");
            assertThat(found(corpus.get(), "D0145")).containsExactly("AN1793 skullseclabs.org");
        }
    }

    /** Long names, letters that no host has, many types, all that a signed zone says, DNS by HTTPS. */
    @Test
    void whatIsOddAndHonestIsNot(TestReporter reporter) throws IOException {
        Optional<Path> corpus = CorpusIT.corpus(reporter);
        if (corpus.isPresent()) {
            for (String capture :
                    List.of("D0025", "D0038", "D0140", "D0171", "D0179", "D0192", "D0207", "D0274", "D0310", "D0372")) {
                assertThat(found(corpus.get(), capture)).as(capture).isEmpty();
            }
        }
    }

    private List<String> found(Path corpus, String id) throws IOException {
        Path capture;
        try (Stream<Path> captures = Files.list(corpus.resolve("pcap"))) {
            capture = captures.filter(each -> each.getFileName().toString().startsWith(id + "_"))
                    .findFirst()
                    .orElseThrow();
        }
        Program.Ended ended = ServedGateway.launcher(dir).run("replay", "--json", "--out", id, capture.toString());
        assertThat(ended.exit()).as(ended.err()).isZero();
        return TimingIT.lines(dir.resolve(id).resolve("findings.ndjson")).stream()
                .filter(line -> line.at("/activity_id").asInt() == 1)
                .map(TunnelCapturesIT::told)
                .toList();
    }

    private static String told(JsonNode finding) {
        return finding.at("/finding_info/analytic/uid").asString() + " "
                + finding.at("/unmapped/postern/destination").asString();
    }
}
