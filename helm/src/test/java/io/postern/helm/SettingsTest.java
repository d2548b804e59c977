package io.postern.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.GatewaySettings;
import io.postern.config.SettingsReader;
import io.postern.config.document.Reading;
import io.postern.config.policy.PolicyReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The gateway takes what the chart writes, files and all, by its own reader. */
@WhereHelmRuns
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a pod's files have owners and modes of POSIX")
class SettingsTest {

    static List<Path> cases() {
        return Chart.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theGatewayTakesTheSettings(Path folder, @TempDir Path root) throws IOException {
        List<JsonNode> objects = Chart.objects(Chart.render(folder.resolve("values.yaml")));

        Reading<GatewaySettings> read = SettingsReader.read(Settings.inPod(objects, root), Map.of());

        assertThat(read.problems()).isEmpty();
        GatewaySettings settings = read.value().orElseThrow();
        assertThat(PolicyReader.read(
                                settings.policy().files(), settings.policy().base())
                        .problems())
                .isEmpty();
        Duration grace = Duration.ofSeconds(Chart.workload(objects)
                .at("/spec/template/spec/terminationGracePeriodSeconds")
                .asInt());
        Duration before =
                Duration.ofSeconds(Chart.named(Chart.workload(objects).at("/spec/template/spec/containers"), "postern")
                        .at("/lifecycle/preStop/sleep/seconds")
                        .asInt(0));
        assertThat(grace)
                .isGreaterThan(before.plus(settings.drain().delay())
                        .plus(settings.drain().timeout()));
    }
}
