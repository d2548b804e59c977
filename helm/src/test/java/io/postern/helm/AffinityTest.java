package io.postern.helm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Gateways share no state, so a device goes on to the one that knows it, as far as services can see to that. */
@WhereHelmRuns
class AffinityTest {

    @TempDir
    private Path folder;

    @Test
    void aDeviceStaysWithItsGatewayForADay() throws IOException {
        JsonNode apps = service("{}", "gate-postern-apps");

        assertThat(apps.path("sessionAffinity").asString()).isEqualTo("ClientIP");
        assertThat(apps.at("/sessionAffinityConfig/clientIP/timeoutSeconds").asInt())
                .isEqualTo(86_400);
    }

    @Test
    void whatANameIsAskedByBothWaysStaysTogether() throws IOException {
        JsonNode names = service(
                "{settings: {listeners: [{name: names, type: dns, bind: '0.0.0.0:5353', networks: ['10.77.9.0/24']}]}}",
                "gate-postern-names");

        assertThat(names.path("ports")).hasSize(2);
        assertThat(names.path("sessionAffinity").asString()).isEqualTo("ClientIP");
    }

    @Test
    void itCanBeShorterOrNone() throws IOException {
        assertThat(service("{services: {apps: {sessionAffinity: {timeoutSeconds: 600}}}}", "gate-postern-apps")
                        .at("/sessionAffinityConfig/clientIP/timeoutSeconds")
                        .asInt())
                .isEqualTo(600);
        assertThat(service("{services: {apps: {sessionAffinity: {type: None}}}}", "gate-postern-apps")
                        .propertyNames())
                .doesNotContain("sessionAffinity", "sessionAffinityConfig");
    }

    @Test
    void sourcesThatTellOfManyDevicesAreSpread() throws IOException {
        List<JsonNode> objects = Chart.objects(Chart.render(Path.of("src/test/resources/charts/fleet/values.yaml")));

        for (String source : List.of("captures", "context", "radius")) {
            assertThat(named(objects, "gateways-" + source).propertyNames())
                    .as(source)
                    .doesNotContain("sessionAffinity");
        }
    }

    private JsonNode service(String values, String name) throws IOException {
        Path file = Files.writeString(folder.resolve("values.yaml"), values, UTF_8);
        return named(Chart.objects(Chart.render(file)), name);
    }

    private static JsonNode named(List<JsonNode> objects, String name) {
        return Chart.ofKind(objects, "Service").stream()
                .filter(service -> service.at("/metadata/name").asString().equals(name))
                .findFirst()
                .orElseThrow()
                .path("spec");
    }
}
