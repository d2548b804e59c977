package io.postern.gateway.real;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two gateways behind HAProxy, which goes by {@code /readyz}, are restarted one after the other by SIGTERM alone. The chart has a pod
 * serve on before that (preStopSeconds), for balancers that go by endpoints; this one needs {@code drain.delay} only. HAProxy tries no connection twice, so a gateway that refuses too early loses a flow.
 */
@Tag("real")
class RollingRestartIT {

    private static final int GATEWAYS = 2;
    private static final int CLIENTS = 4;
    private static final int LENGTH = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** HAProxy looks five times within the delay. */
    private static final String DRAIN = "drain: {delay: 2s, timeout: 10s}\n";

    @TempDir
    private Path dir;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger done = new AtomicInteger();
    private final Queue<String> dropped = new ConcurrentLinkedQueue<>();

    private record Place(Path dir, int apps, int admin) {}

    @Test
    void noNewFlowIsDropped() throws Exception {
        List<Place> places = new ArrayList<>();
        List<ServedGateway> gateways = new ArrayList<>();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (WebOrigin origin = WebOrigin.plain()) {
            for (int i = 0; i < GATEWAYS; i++) {
                Place place = new Place(Files.createDirectory(dir.resolve("gateway" + i)), free(), free());
                places.add(place);
                gateways.add(ServedGateway.start(place.dir(), settings(place, origin), "", place.admin()));
            }
            String tag = gateways.get(0).tag("com.acme.mail");
            int front = free();
            try (RunningProgram haproxy = haproxy(front, places)) {
                for (ServedGateway gateway : gateways) {
                    // Both are found to be up before the first client comes.
                    await().atMost(PATIENCE).until(() -> fetch(front, tag).isEmpty() && flows(gateway) > 0);
                }
                for (int i = 0; i < CLIENTS; i++) {
                    clients.execute(() -> load(front, tag));
                }
                for (int i = 0; i < GATEWAYS; i++) {
                    int before = done.get();
                    gateways.get(i).stop();
                    gateways.set(i, ServedGateway.again(places.get(i).dir()));
                    ServedGateway again = gateways.get(i);
                    await("flows come to gateway " + i + " again")
                            .atMost(PATIENCE)
                            .until(() -> flows(again) > 0);
                    assertThat(done.get()).as("flows meanwhile").isGreaterThan(before);
                }
                over.set(true);
                clients.shutdown();
                assertThat(clients.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                        .isTrue();
                assertThat(dropped).as(haproxy.story("of " + done + " flows")).isEmpty();
            }
            gateways.forEach(ServedGateway::stop);
        } finally {
            over.set(true);
            clients.shutdownNow();
            gateways.forEach(ServedGateway::close);
        }
    }

    private static String settings(Place place, WebOrigin origin) {
        return DRAIN + """
                listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:%d'}]
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                upstream: {allow-networks: ['127.0.0.0/8'], hosts: {'www.acme.test:80': '127.0.0.1:%d'}}
                """.formatted(place.apps(), origin.port());
    }

    private RunningProgram haproxy(int front, List<Place> places) throws IOException {
        StringBuilder servers = new StringBuilder();
        for (Place place : places) {
            servers.append("  server gateway%1$d 127.0.0.1:%1$d check port %2$d inter 400ms fall 1 rise 1\n"
                    .formatted(place.apps(), place.admin()));
        }
        Path file = Files.writeString(dir.resolve("haproxy.cfg"), """
                global
                  maxconn 200
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 30s
                  timeout server 30s
                  timeout check 2s
                  retries 0
                frontend apps
                  bind 127.0.0.1:%d
                  default_backend gateways
                backend gateways
                  balance roundrobin
                  option httpchk GET /readyz
                %s""".formatted(front, servers));
        return Program.installed("haproxy", "haproxy", dir).start("-db", "-f", file.toString());
    }

    private static double flows(ServedGateway gateway) throws IOException, InterruptedException {
        return gateway.metric("postern_flows_total{ingress=\"http-connect\",protocol=\"http\",verdict=\"allow\"}");
    }

    private void load(int front, String tag) {
        while (!over.get()) {
            String wrong = fetch(front, tag);
            if (wrong.isEmpty()) {
                done.incrementAndGet();
            } else {
                dropped.add(wrong);
            }
        }
    }

    /** One flow with one request in it; empty when all of its answer came, and what came instead if not. */
    private static String fetch(int front, String tag) {
        String credentials = Base64.getEncoder().encodeToString(tag.getBytes(US_ASCII));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), front)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream()
                    .write(("CONNECT www.acme.test:80 HTTP/1.1\r\nHost: www.acme.test:80\r\nProxy-Authorization: Basic "
                                    + credentials + "\r\n\r\n")
                            .getBytes(US_ASCII));
            StringBuilder head = new StringBuilder();
            for (int octet = socket.getInputStream().read();
                    octet >= 0;
                    octet = socket.getInputStream().read()) {
                head.append((char) octet);
                if (head.indexOf("\r\n\r\n") >= 0) {
                    break;
                }
            }
            if (head.indexOf("HTTP/1.1 200 ") != 0) {
                return "answered '" + head + "'";
            }
            socket.getOutputStream()
                    .write(("GET /bytes/" + LENGTH + " HTTP/1.1\r\nHost: www.acme.test\r\nConnection: close\r\n\r\n")
                            .getBytes(US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();
            return answer.length > LENGTH ? "" : "answered with " + answer.length + " bytes";
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static int free() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }
}
