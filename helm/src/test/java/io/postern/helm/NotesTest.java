package io.postern.helm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Helm tells whoever has installed the chart: commands that are those of the image, and what the chart does not do. */
@WhereHelmRuns
class NotesTest {

    private static final Path CASES = Path.of("src/test/resources/charts");
    private static final Pattern ENTRY = Pattern.compile("\"Entrypoint\":\\[\"([^]]*)\"]");

    static List<Path> cases() {
        return Chart.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void commandsAreThoseOfTheImage(Path folder) throws IOException {
        Matcher entry = ENTRY.matcher(Files.readString(Path.of("image/build"), UTF_8));
        assertThat(entry.find()).isTrue();
        String[] words = entry.group(1).split("\",\"", -1);

        assertThat(notes(folder))
                .contains("kubectl -n mobile exec \"$1\" -c postern -- " + words[0] + " " + words[1] + " -Xmx64m "
                        + words[2] + " ");
        assertThat(words).hasSize(3);
    }

    @Test
    void theFirstTokenIsMadeWhereTheGatewayKeepsThem() throws IOException {
        String made = "in_pod gate-postern-0 token add ops --role admin --config /etc/postern/postern.yaml";

        assertThat(notes(CASES.resolve("default")))
                .contains(made)
                .contains("port-forward pod/gate-postern-0 9090:9090");
        assertThat(notes(CASES.resolve("fleet")))
                .contains("with a token of yours")
                .doesNotContain("token add");
        assertThat(notes(CASES.resolve("forgetful")))
                .contains("Health and metrics only")
                .doesNotContain("token add");
    }

    /** Whoever has several must know before an emergency what holds on one of them only. */
    @Test
    void ofSeveralGatewaysEachIsAskedAndOneListIsForAll() throws IOException {
        assertThat(notes(CASES.resolve("default")))
                .contains("kill switch hold on the\ngateway that has them", "settings.identity.revoked-file")
                .contains("settings.response.kill-switch has it on for all");
        assertThat(notes(CASES.resolve("fleet")))
                .contains("A pod that starts later has neither")
                .doesNotContain("name one list of the revoked");
        assertThat(notes(CASES.resolve("one-on-a-claim"))).doesNotContain("share no state");
    }

    @Test
    void scalingByARuleThatIsNotThereIsSaid(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("values.yaml"), "autoscaling: {enabled: true, eventLoopLag: 25m}\n", UTF_8);

        assertThat(notes(folder)).contains("autoscaling.eventLoopLag goes by a recording rule");
        assertThat(notes(CASES.resolve("fleet"))).doesNotContain("goes by a recording rule");
    }

    @Test
    void onANodesNetworkTheChartGuardsNothing() throws IOException {
        assertThat(notes(CASES.resolve("tunnel"))).contains("no NetworkPolicy holds", "Its rules stay on a node");
        assertThat(notes(CASES.resolve("default"))).doesNotContain("NetworkPolicy");
    }

    private static String notes(Path folder) {
        return new Helm(Chart.DIR)
                .install()
                .clientOnly()
                .dryRun()
                .withName("gate")
                .withNamespace("mobile")
                .withKubeVersion("1.30.0")
                .withValuesFile(folder.resolve("values.yaml"))
                .call()
                .getOutput();
    }
}
