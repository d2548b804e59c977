package io.postern.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** From a service to the socket: what a service leads to is a port of the container, and that is where a listener binds. */
@WhereHelmRuns
class PortsTest {

    static List<Path> cases() {
        return Chart.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyServiceEndsAtAListener(Path folder) {
        List<JsonNode> objects = Chart.objects(Chart.render(folder.resolve("values.yaml")));
        Map<String, Integer> binds = binds(objects);
        JsonNode pod = Chart.workload(objects).at("/spec/template");
        JsonNode container = Chart.named(pod.at("/spec/containers"), "postern");

        container
                .path("ports")
                .forEach(port -> assertThat(binds)
                        .containsEntry(
                                port.path("name").asString(),
                                port.path("containerPort").asInt()));
        for (JsonNode service : Chart.ofKind(objects, "Service")) {
            service.at("/spec/ports").forEach(port -> {
                JsonNode target = Chart.named(
                        container.path("ports"), port.path("targetPort").asString());
                assertThat(port.path("protocol")).isEqualTo(target.path("protocol"));
            });
            service.at("/spec/selector")
                    .properties()
                    .forEach(label -> assertThat(pod.at("/metadata/labels")).contains(label.getValue()));
        }
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(container.path(probe).at("/httpGet/port").asString()).isEqualTo("admin");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theNetworkPolicyAdmitsWhatTheContainerListensTo(Path folder) {
        List<JsonNode> objects = Chart.objects(Chart.render(folder.resolve("values.yaml")));
        JsonNode container = Chart.named(Chart.workload(objects).at("/spec/template/spec/containers"), "postern");
        List<Integer> admitted = Chart.ofKind(objects, "NetworkPolicy").stream()
                .flatMap(policy -> policy.at("/spec/ingress").valueStream())
                .flatMap(rule -> rule.path("ports").valueStream())
                .map(port -> port.path("port").asInt())
                .toList();
        if (admitted.isEmpty()) {
            return;
        }
        assertThat(container.path("ports").valueStream())
                .filteredOn(port -> !port.path("name").asString().equals("tunnel"))
                .allSatisfy(port ->
                        assertThat(admitted).contains(port.path("containerPort").asInt()));
    }

    /** The ports of the rendered postern.yaml, by the names the chart gives them. */
    private static Map<String, Integer> binds(List<JsonNode> objects) {
        JsonNode settings = Settings.of(objects);
        Map<String, Integer> binds = new TreeMap<>();
        for (String list : List.of("listeners", "collectors")) {
            settings.path(list).forEach(each -> binds.put(each.path("name").asString(), port(each)));
        }
        binds.put("admin", port(settings.path("admin")));
        if (settings.has("context")) {
            binds.put("context", port(settings.path("context")));
        }
        if (settings.at("/identity/radius").isObject()) {
            binds.put("radius", port(settings.at("/identity/radius")));
        }
        return binds;
    }

    private static int port(JsonNode of) {
        String bind = of.path("bind").asString();
        return Integer.parseInt(bind.substring(bind.lastIndexOf(':') + 1));
    }
}
