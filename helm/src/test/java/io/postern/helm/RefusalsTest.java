package io.postern.helm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that cannot work are refused before anything is installed, and the message says what they must be. */
@WhereHelmRuns
class RefusalsTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            replica: 3                                      | replica
            image: {repo: x}                                | repo
            workload: Job                                   | workload
            services: {apps: {type: ExternalName}}          | apps
            services: {apps: {sessionAffinity: ClientIP}}   | sessionAffinity
            services: {apps: {sessionAffinity: {timeoutSeconds: 86401}}} | timeoutSeconds
            settings: {drain: {tiemout: 5s}}                | tiemout
            settings: {drain: {timeout: 5 seconds}}         | timeout
            settings: {limits: {flows: 0}}                  | flows
            secrets: {tag-keys: {value: abc}}               | value
            state: {claimRetention: {whenScaled: Keep}}     | whenScaled
            policy: {files: {mail.yml: {}}}                 | mail.yml
            state: {size: 20}                               | size
            resources: {limits: {memory: null}}             | memory
            preStopSeconds: -1                              | preStopSeconds
            startupSeconds: 1                               | startupSeconds
            extraEnv: [{value: x}]                          | name
            """)
    void theSchemaRefuses(String values, String named) throws IOException {
        assertThatThrownBy(() -> render(values))
                .hasMessageContaining("values don't meet the specifications of the schema")
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            settings: {admin: {bind: "127.0.0.1:9090"}}                     | settings.admin.bind: is 127.0.0.1:9090, must be an address that probes and Prometheus reach
            settings: {admin: {tls: {client-auth: require, client-ca: ca}}} | settings.admin.tls.client-auth: is require, must be optional or none
            settings: {state: {dir: /srv/state}}                            | settings.state.dir: is elsewhere, must be below /var/lib/postern
            settings: {identity: {revoked-file: /etc/postern/secrets/revoked/list}} | secrets.revoked: is not there, must name the Secret that settings reads at /etc/postern/secrets/revoked
            settings: {listeners: [{name: "web_1", type: http-connect, bind: "0.0.0.0:8080"}]} | the name web_1 cannot be that of a port in Kubernetes, must be 1 to 15 of a-z 0-9 -
            settings: {listeners: [{name: admin, type: http-connect, bind: "0.0.0.0:8080"}]} | the name admin is taken, must be another
            settings: {listeners: [{name: web, type: http-connect, bind: "0.0.0.0:0"}]} | the port of web is left to the system, must be a number
            settings: {listeners: [{name: web, type: http-connect, bind: "0.0.0.0:443"}]} | web binds port 443, must be 1024 or more
            settings: {listeners: [{name: socks, type: socks5, bind: "0.0.0.0:1080", udp: true}]} | socks has udp, must be false without hostNetwork
            settings: {listeners: [{name: tun, type: transparent, bind: "0.0.0.0:15001"}]} | transparent.interfaces: is empty, must name the tunnel's
            transparent: {interfaces: [wg0]}                                | transparent.interfaces: is given, must be none
            services: {web: {type: LoadBalancer}}                           | services.web: there is no such way in, must be one of apps
            services: {apps: {externalTrafficPolicy: Local}}                | services.apps.externalTrafficPolicy: is given, must be none unless type is NodePort or LoadBalancer
            services: {apps: {nodePort: 30443}}                             | services.apps.nodePort: is given, must be none unless type is NodePort or LoadBalancer
            services: {apps: {sessionAffinity: {type: None, timeoutSeconds: 60}}} | services.apps.sessionAffinity.timeoutSeconds: is given, must be none unless type is ClientIP
            {settings: {identity: {radius: {bind: "0.0.0.0:1813", device: user-name, clients: [{name: v, sources: [10.3.0.1], secret-file: s}]}}}, services: {radius: {sessionAffinity: {timeoutSeconds: 60}}}} | services.radius.sessionAffinity.timeoutSeconds: is given, must be none unless type is ClientIP
            workload: Deployment                                            | state.storage: is claim, must be another where workload is Deployment
            {workload: Deployment, state: {storage: existing-claim}}        | state.claimName: is empty, must name the claim
            {workload: Deployment, state: {storage: existing-claim, claimName: c}} | replicas: is more than one on one claim, must be 1 and autoscaling off: the store is one process's
            {workload: DaemonSet, state: {storage: host-path}}              | state.path: is empty, must be a folder of the nodes
            {workload: DaemonSet, state: {storage: host-path, path: /srv}}  | state.pathOwned: is false, must be true once the folder is there on each node and is 10001's, mode 0700
            {settings: {listeners: [{name: tun, type: transparent, bind: "[::]:15001"}]}, transparent: {interfaces: [wg0]}, image: {digest: "sha256:0000000000000000000000000000000000000000000000000000000000000000"}} | transparent.image: is empty, must be given where image.digest is
            {settings: {listeners: [{name: web, type: http-connect, bind: "10.77.0.1:8080"}]}, services: {web: {port: 80}}} | services.web: binds one fixed address, must be none
            {settings: {listeners: [{name: names, type: dns, bind: "0.0.0.0:53"}]}} | names binds port 53, must be 1024 or more: gateways are not root; services.names.port may be any
            {settings: {listeners: [{name: a, type: dns, bind: "0.0.0.0:5353"}, {name: a-udp, type: http-connect, bind: "0.0.0.0:8080"}]}} | the name a-udp is taken, must be another
            {workload: DaemonSet, state: {storage: ephemeral}, autoscaling: {enabled: true}} | autoscaling.enabled: is true, must be false for a DaemonSet
            autoscaling: {enabled: true, cpu: 0}                            | autoscaling: has nothing to go by
            autoscaling: {minReplicas: 9}                                   | autoscaling.maxReplicas: is 8, must be at least minReplicas, 9
            policy: {files: {a.yaml: {}}, existingConfigMap: b}             | policy: has files and existingConfigMap, must have one of them
            {settings: {policy: {files: [], managed: true}}, policy: {existingConfigMap: b}} | policy: is given, must be none
            monitoring: {serviceMonitor: {enabled: true}}                   | monitoring.serviceMonitor.tlsConfig: is empty, must have serverName
            terminationGracePeriodSeconds: 99                               | terminationGracePeriodSeconds: is 99, must be 0 or at least 100
            resources: {limits: {memory: 4G}}                               | resources.limits.memory: is not in Mi or Gi
            resources: {limits: {memory: 256Mi}}                            | resources.limits.memory: is less than 512Mi
            resources: {limits: {memory: 2Gi}}                              | resources.requests.memory: is more than the limit, 2048Mi, must be at most that
            jvm: {heapShare: 60, directShare: 40}                           | jvm: heapShare and directShare come to 100, must be 85 or less
            """)
    void whatCannotWorkIsSaid(String values, String message) {
        assertThatThrownBy(() -> render(values)).hasMessageContaining(message);
    }

    @Test
    void allOfItIsSaidAtOnce() {
        assertThatThrownBy(() -> render("{workload: Deployment, jvm: {heapShare: 80}, settings: {drain: {delay: 2m}},"
                        + " terminationGracePeriodSeconds: 60}"))
                .hasMessageContaining("state.storage: is claim")
                .hasMessageContaining("come to 120")
                .hasMessageContaining("must be 0 or at least 210");
    }

    @Test
    void inTheClearAScrapeNeedsNoCertificate() throws IOException {
        assertThat(render(
                        "{settings: {admin: {tls: null, api: false}}, monitoring: {serviceMonitor: {enabled: true}}}"))
                .contains("kind: ServiceMonitor", "scheme: http\n");
    }

    @Test
    void theLeastGraceIsTaken() throws IOException {
        assertThat(render("terminationGracePeriodSeconds: 100")).contains("terminationGracePeriodSeconds: 100");
    }

    private String render(String values) throws IOException {
        return Chart.render(Files.writeString(folder.resolve("values.yaml"), values, UTF_8));
    }
}
