package io.postern.gateway.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.finding.Conclusion;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.finding.Review;
import io.postern.gateway.e2e.TestingFinding;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process is killed while findings are answered, twice over: what was taken it still has. */
class FindingDeskIT {

    private static final int ENOUGH = 25;

    @TempDir
    Path dir;

    @Test
    void noAnswerThatWasTakenIsLost() throws Exception {
        List<String> taken = new ArrayList<>();
        for (String round : List.of("1", "2")) {
            taken.addAll(answerUntilKilled(round));
            try (Store store = EmbeddedStore.open(dir.resolve("store"));
                    FindingDesk desk = AnsweringProcess.desk(store, dir)) {
                for (String uid : taken) {
                    assertThat(desk.find(uid).flatMap(Kept::review).flatMap(Review::conclusion))
                            .as(uid)
                            .contains(Conclusion.BENIGN);
                }
                assertThat(desk.suppressions()).hasSizeGreaterThanOrEqualTo(ENOUGH);
                assertThat(desk.silence(
                                TestingFinding.of("LC9").to("d0.example").at(System.currentTimeMillis())))
                        .as("the like of it is suppressed")
                        .isPresent();
            }
        }
    }

    private List<String> answerUntilKilled(String round) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AnsweringProcess.class.getName(),
                        dir.toString(),
                        round)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> taken = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                taken.add(line);
                if (taken.size() == ENOUGH) {
                    // Process.destroyForcibly would close what is still to be read.
                    process.toHandle().destroyForcibly();
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(taken).hasSizeGreaterThanOrEqualTo(ENOUGH);
        // The last line may have been cut with the process.
        return taken.subList(0, taken.size() - 1);
    }
}
