package io.postern.helm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What the chart makes of values; each folder under {@code charts} is a case. */
@WhereHelmRuns
class ChartTest {

    /** With {@code -Dpostern.regenerate} the expected documents are written instead of compared. */
    private static final boolean REGENERATE = System.getProperty("postern.regenerate") != null;

    static List<Path> cases() {
        return Chart.cases();
    }

    @Test
    void helmHasNothingToSay() {
        LintResult lint = new Helm(Chart.DIR).lint().strict().call();

        assertThat(lint.getMessages()).noneMatch(line -> line.contains("[WARNING]") || line.contains("[ERROR]"));
        assertThat(lint.isFailed()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rendersAsCommitted(Path folder) throws IOException {
        Path expected = folder.resolve("expect.yaml");
        String rendered = Chart.render(folder.resolve("values.yaml"));
        if (REGENERATE) {
            Files.writeString(expected, rendered, UTF_8);
        }
        assertThat(expected).content(UTF_8).isEqualTo(rendered);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyPodIsConfined(Path folder) {
        JsonNode pod = pod(folder);
        boolean root = pod.at("/securityContext/runAsUser").asInt() == 0;

        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
        assertThat(pod.at("/securityContext/seccompProfile/type").asString()).isEqualTo("RuntimeDefault");
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean(false)).isEqualTo(!root);
        assertThat(root).as("only for capabilities").isEqualTo(pod.has("initContainers"));
        List.of("initContainers", "containers")
                .forEach(containers -> pod.path(containers)
                        .valueStream()
                        .filter(each -> List.of("postern", "network-up")
                                .contains(each.path("name").asString()))
                        .map(each -> each.path("securityContext"))
                        .forEach(context -> {
                            assertThat(context.path("readOnlyRootFilesystem").asBoolean(false))
                                    .isTrue();
                            assertThat(context.path("allowPrivilegeEscalation").asBoolean(true))
                                    .isFalse();
                            assertThat(context.at("/capabilities/drop/0").asString())
                                    .isEqualTo("ALL");
                            assertThat(context.at("/capabilities").has("add")).isEqualTo(root);
                        }));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyMountHasItsVolume(Path folder) {
        JsonNode workload = Chart.workload(Chart.objects(Chart.render(folder.resolve("values.yaml"))));
        JsonNode pod = workload.at("/spec/template/spec");
        List<String> volumes = pod.path("volumes")
                .valueStream()
                .map(volume -> volume.path("name").asString())
                .toList();
        List<String> claims = workload.at("/spec/volumeClaimTemplates")
                .valueStream()
                .map(claim -> claim.at("/metadata/name").asString())
                .toList();

        assertThat(pod.at("/containers/0/volumeMounts").valueStream())
                .allSatisfy(mount -> assertThat(mount.path("name").asString())
                        .satisfiesAnyOf(
                                name -> assertThat(volumes).contains(name),
                                name -> assertThat(claims).contains(name)));
        assertThat(Stream.concat(volumes.stream(), claims.stream())).doesNotHaveDuplicates();
    }

    private static JsonNode pod(Path folder) {
        return Chart.workload(Chart.objects(Chart.render(folder.resolve("values.yaml"))))
                .at("/spec/template/spec");
    }
}
