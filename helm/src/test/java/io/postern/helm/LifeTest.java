package io.postern.helm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** How long a gateway may take to start and to stop, and what it counts on meanwhile. */
@WhereHelmRuns
class LifeTest {

    @TempDir
    private Path folder;

    /** Kubelet takes a sleep from 1.30; an older one refuses the pod. Before SIGTERM there is time then, or none. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            1.29.4,     15, 0,  85
            1.30.0,     15, 15, 100
            v1.34.1+k3s1, 15, 15, 100
            1.33.0,     40, 40, 125
            1.33.0,     0,  0,  85
            """)
    void beforeSigtermItServesOn(String kubernetes, int wanted, int sleeps, int grace) throws IOException {
        JsonNode pod = workload("preStopSeconds: " + wanted, kubernetes).at("/spec/template/spec");

        assertThat(container(pod).has("lifecycle")).isEqualTo(sleeps > 0);
        assertThat(container(pod).at("/lifecycle/preStop/sleep/seconds").asInt(0))
                .isEqualTo(sleeps);
        assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isEqualTo(grace);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            StatefulSet | {}
            Deployment  | {storage: ephemeral}
            DaemonSet   | {storage: ephemeral}
            """)
    void theNextIsReplacedOnceThisOneStaysReady(String kind, String state) throws IOException {
        JsonNode workload = workload("{workload: " + kind + ", state: " + state + "}", "1.30.0");

        assertThat(workload.at("/spec/minReadySeconds").asInt()).isEqualTo(30);
        assertThat(budget(workload)).isEqualTo(600);
        if (kind.equals("Deployment")) {
            assertThat(workload.at("/spec/progressDeadlineSeconds").asInt()).isGreaterThan(630);
        }
    }

    /** One slow answer, as behind a pause of the collector, is no reason to send everybody to the other gateway. */
    @Test
    void onePauseTakesNoGatewayOutAndAStopIsSeenInTime() throws IOException {
        JsonNode probe =
                container(workload("{}", "1.30.0").at("/spec/template/spec")).path("readinessProbe");
        int delay = 10;

        assertThat(probe.path("failureThreshold").asInt()).isGreaterThan(1);
        assertThat(probe.path("periodSeconds").asInt()
                                * probe.path("failureThreshold").asInt()
                        + probe.path("timeoutSeconds").asInt())
                .isLessThan(delay);
        assertThat(Files.readString(Chart.DIR.resolve("values.yaml"), UTF_8)).contains("delay: " + delay + "s");
    }

    @Test
    void aLargerStateHasLonger() throws IOException {
        assertThat(budget(workload("startupSeconds: 1800", "1.30.0"))).isEqualTo(1800);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                               | 2
            resources: {requests: {cpu: 100m}}               | 2
            resources: {requests: {cpu: 3500m}}              | 4
            resources: {requests: {cpu: 4}}                  | 4
            resources: {requests: {cpu: 2.5}}                | 3
            resources: {requests: {cpu: "16"}}               | 16
            {resources: {requests: {cpu: 16}}, jvm: {processors: 6}} | 6
            resources: {requests: {cpu: null}}               | 0
            """)
    void theJvmCountsOnTheCoresThatAreAskedFor(String values, int processors) throws IOException {
        JsonNode options = Chart.named(
                        container(workload(values, "1.30.0").at("/spec/template/spec"))
                                .path("env"),
                        "JDK_JAVA_OPTIONS")
                .path("value");

        assertThat(List.of(options.asString().split(" ", -1)))
                .filteredOn(option -> option.startsWith("-XX:ActiveProcessorCount="))
                .isEqualTo(processors == 0 ? List.of() : List.of("-XX:ActiveProcessorCount=" + processors));
    }

    /** Ports below 1024 are answered from where datagrams are taken, or bound by somebody. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {name: tun, type: transparent, bind: "[::]:15001"}                | NET_RAW
            {name: tun, type: transparent, bind: "[::]:15001", udp: true}     | NET_RAW,NET_BIND_SERVICE
            {name: tun, type: transparent, bind: "[::]:15001"}, {name: web, type: http-connect, bind: "0.0.0.0:443"} | NET_RAW,NET_BIND_SERVICE
            """)
    void aTransparentGatewayMayWhatItNeeds(String listeners, String capabilities) throws IOException {
        JsonNode pod = workload(
                        "{transparent: {interfaces: [wg0]}, settings: {listeners: [" + listeners + "]}}", "1.30.0")
                .at("/spec/template/spec");

        assertThat(container(pod)
                        .at("/securityContext/capabilities/add")
                        .valueStream()
                        .map(JsonNode::asString))
                .containsExactly(capabilities.split(",", -1));
    }

    /** Claims stay unless asked otherwise; a cluster before 1.27 does not know the field. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1.26.9 | {}                                              | '' | ''
            1.27.0 | {}                                              | Retain | Retain
            1.30.0 | state: {claimRetention: {whenScaled: Delete}}   | Retain | Delete
            """)
    void claimsStayUnlessTheyShallNot(String kubernetes, String values, String deleted, String scaled)
            throws IOException {
        JsonNode retention = workload(values, kubernetes).at("/spec/persistentVolumeClaimRetentionPolicy");

        assertThat(retention.path("whenDeleted").asString("")).isEqualTo(deleted);
        assertThat(retention.path("whenScaled").asString("")).isEqualTo(scaled);
    }

    @Test
    void aFolderThatIsOursIsNotMadeByKubernetes() throws IOException {
        String values = "{workload: DaemonSet, state: {storage: host-path, path: /srv, pathOwned: true}}";

        assertThat(Chart.named(workload(values, "1.30.0").at("/spec/template/spec/volumes"), "state")
                        .at("/hostPath/type")
                        .asString())
                .isEqualTo("Directory");
    }

    private static int budget(JsonNode workload) {
        JsonNode probe = container(workload.at("/spec/template/spec")).path("startupProbe");
        return probe.path("periodSeconds").asInt()
                * probe.path("failureThreshold").asInt();
    }

    private static JsonNode container(JsonNode pod) {
        return Chart.named(pod.path("containers"), "postern");
    }

    private JsonNode workload(String values, String kubernetes) throws IOException {
        Path file = Files.writeString(folder.resolve("values.yaml"), values, UTF_8);
        return Chart.workload(Chart.objects(Chart.render(file, kubernetes)));
    }
}
