package io.postern.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
    void theContainerHasEveryPortThatIsBoundAndNoOther(Path folder) {
        List<JsonNode> objects = Chart.objects(Chart.render(folder.resolve("values.yaml")));

        assertThat(container(objects)
                        .path("ports")
                        .valueStream()
                        .map(port -> port.path("containerPort").asInt() + "/"
                                + port.path("protocol").asString()))
                .containsExactlyInAnyOrderElementsOf(
                        binds(objects).stream().map(Bind::socket).toList());
        assertThat(container(objects)
                        .path("ports")
                        .valueStream()
                        .map(port -> port.path("name").asString()))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyServiceEndsAtItsListener(Path folder) {
        List<JsonNode> objects = Chart.objects(Chart.render(folder.resolve("values.yaml")));
        JsonNode pod = Chart.workload(objects).at("/spec/template");
        Map<String, Set<String>> led = new TreeMap<>();
        for (JsonNode service : Chart.ofKind(objects, "Service")) {
            Set<String> sockets = service.at("/spec/ports")
                    .valueStream()
                    .map(port -> {
                        JsonNode target = Chart.named(
                                container(objects).path("ports"),
                                port.path("targetPort").asString());
                        assertThat(port.path("protocol")).isEqualTo(target.path("protocol"));
                        return target.path("containerPort").asInt() + "/"
                                + target.path("protocol").asString();
                    })
                    .collect(Collectors.toSet());
            led.put(service.at("/metadata/name").asString().replaceFirst("^(gate-postern|gateways)-", ""), sockets);
            service.at("/spec/selector")
                    .properties()
                    .forEach(label -> assertThat(pod.at("/metadata/labels")).contains(label.getValue()));
        }
        led.remove("pods");

        assertThat(led)
                .isEqualTo(binds(objects).stream()
                        .filter(bind -> bind.anywhere() && !bind.transparent())
                        .collect(Collectors.groupingBy(
                                Bind::name, TreeMap::new, Collectors.mapping(Bind::socket, Collectors.toSet()))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyProbeAsksTheAdminListener(Path folder) {
        JsonNode container = container(Chart.objects(Chart.render(folder.resolve("values.yaml"))));

        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(container.path(probe).at("/httpGet/port").asString()).isEqualTo("admin");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theNetworkPolicyAdmitsWhatIsBound(Path folder) {
        List<JsonNode> objects = Chart.objects(Chart.render(folder.resolve("values.yaml")));
        List<String> admitted = Chart.ofKind(objects, "NetworkPolicy").stream()
                .flatMap(policy -> policy.at("/spec/ingress").valueStream())
                .flatMap(rule -> rule.path("ports").valueStream())
                .map(port ->
                        port.path("port").asInt() + "/" + port.path("protocol").asString())
                .toList();
        if (Chart.workload(objects).at("/spec/template/spec/hostNetwork").asBoolean(false)) {
            assertThat(admitted).as("no policy holds for the node's network").isEmpty();
        }
        if (!admitted.isEmpty()) {
            assertThat(admitted)
                    .containsAll(binds(objects).stream()
                            .filter(bind -> !bind.transparent())
                            .map(Bind::socket)
                            .toList());
        }
    }

    private static JsonNode container(List<JsonNode> objects) {
        return Chart.named(Chart.workload(objects).at("/spec/template/spec/containers"), "postern");
    }

    /** A socket that the gateway opens, beyond loopback, as its settings say. */
    private record Bind(String name, String address, int port, String protocol, boolean transparent) {

        static Bind of(String name, JsonNode of, String protocol) {
            String bind = of.path("bind").asString();
            int colon = bind.lastIndexOf(':');
            return new Bind(
                    name,
                    bind.substring(0, colon),
                    Integer.parseInt(bind.substring(colon + 1)),
                    protocol,
                    of.path("type").asString("").equals("transparent"));
        }

        boolean anywhere() {
            return Set.of("0.0.0.0", "[::]").contains(address);
        }

        String socket() {
            return port + "/" + protocol;
        }
    }

    /** Of the rendered postern.yaml, as docs/configuration.md has it: what listens, and by what. */
    private static List<Bind> binds(List<JsonNode> objects) {
        JsonNode settings = Settings.of(objects);
        List<Bind> binds = new ArrayList<>();
        for (JsonNode listener : settings.path("listeners")) {
            String name = listener.path("name").asString();
            binds.add(Bind.of(name, listener, "TCP"));
            boolean plainNames = listener.path("type").asString().equals("dns") && !listener.has("tls");
            boolean ledHere = listener.path("type").asString().equals("transparent")
                    && listener.path("udp").asBoolean(false);
            if (plainNames || ledHere) {
                binds.add(Bind.of(name, listener, "UDP"));
            }
        }
        for (JsonNode collector : settings.path("collectors")) {
            binds.add(Bind.of(
                    collector.path("name").asString(),
                    collector,
                    collector.path("protocol").asString().toUpperCase(Locale.ROOT)));
        }
        binds.add(Bind.of("admin", settings.path("admin"), "TCP"));
        if (settings.has("context")) {
            binds.add(Bind.of("context", settings.path("context"), "TCP"));
        }
        if (settings.at("/identity/radius").isObject()) {
            binds.add(Bind.of("radius", settings.at("/identity/radius"), "UDP"));
        }
        return binds.stream()
                .filter(bind ->
                        !bind.address().startsWith("127.") && !bind.address().equals("[::1]"))
                .toList();
    }
}
