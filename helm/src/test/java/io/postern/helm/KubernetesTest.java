package io.postern.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1DaemonSet;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Kubernetes takes what the chart makes: every object holds against the classes that the project's own client has made of its
 * OpenAPI description, which know each object's fields, their types, and which must be there. They know nothing of the values
 * that a field may have, nor of the operator of Prometheus.
 */
@WhereHelmRuns
class KubernetesTest {

    private static final Map<String, Class<?>> KINDS = Map.of(
            "apps/v1 Deployment", V1Deployment.class,
            "apps/v1 StatefulSet", V1StatefulSet.class,
            "apps/v1 DaemonSet", V1DaemonSet.class,
            "autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler.class,
            "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy.class,
            "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget.class,
            "v1 ConfigMap", V1ConfigMap.class,
            "v1 Service", V1Service.class,
            "v1 ServiceAccount", V1ServiceAccount.class);

    /** Of Prometheus' operator, whose descriptions are at hand nowhere. */
    private static final Set<String> NOT_LOOKED_AT =
            Set.of("monitoring.coreos.com/v1 ServiceMonitor", "monitoring.coreos.com/v1 PrometheusRule");

    static List<Path> cases() {
        return Chart.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyObjectHoldsAgainstItsDescription(Path folder) {
        assertThat(Chart.objects(Chart.render(folder.resolve("values.yaml"))))
                .isNotEmpty()
                .filteredOn(object -> !NOT_LOOKED_AT.contains(kind(object)))
                .allSatisfy(KubernetesTest::read);
    }

    @Test
    void everyKindComesUpInSomeCase() {
        assertThat(cases().stream()
                        .flatMap(folder -> Chart.objects(Chart.render(folder.resolve("values.yaml"))).stream())
                        .map(KubernetesTest::kind)
                        .filter(kind -> !NOT_LOOKED_AT.contains(kind))
                        .collect(Collectors.toSet()))
                .isEqualTo(KINDS.keySet());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /spec                                       | replica            | 2
            /spec/template/spec                         | hostNetworks       | true
            /spec/template/spec/containers/0            | imagePullPolcy     | x
            /spec/template/spec/containers/0/ports/0    | containerPort      | apps
            /spec/template/spec/securityContext         | runAsUser          | postern
            """)
    void aFieldThatIsNoneOrOfAnotherTypeIsSeen(String at, String field, String value) {
        JsonNode workload =
                Chart.workload(Chart.objects(Chart.render(cases().get(0).resolve("values.yaml"))));
        ((ObjectNode) workload.at(at)).put(field, value);

        assertThatThrownBy(() -> read(workload)).isInstanceOf(RuntimeException.class);
    }

    private static String kind(JsonNode object) {
        return object.path("apiVersion").asString() + " " + object.path("kind").asString();
    }

    private static void read(JsonNode object) {
        assertThat(KINDS).containsKey(kind(object));
        Object read = JSON.getGson().fromJson(object.toString(), KINDS.get(kind(object)));
        assertThat(read).isNotNull();
    }
}
