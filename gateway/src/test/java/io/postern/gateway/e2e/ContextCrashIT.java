package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingSource.json;
import static io.postern.gateway.e2e.TestingSource.lock;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.gateway.real.ServedGateway;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process is killed while sources tell it things, twice over: what it acknowledged it still has. */
class ContextCrashIT {

    private static final int SOURCES = 4;
    private static final int EVENTS = 25;

    @TempDir
    Path dir;

    @Test
    void noAcknowledgedFactIsLost() throws Exception {
        List<String> acknowledged = new CopyOnWriteArrayList<>();
        ServedGateway gateway = ServedGateway.start(dir, """
                listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0'}]
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                context:
                  bind: '127.0.0.1:0'
                  sources: [{name: agent, token-file: %s, devices: ['*'], reports: [lock], rate: 1000000}]
                """.formatted(TestingSource.tokenFile(dir, "agent")), "");
        try {
            for (int round = 0; round < 2; round++) {
                int enough = acknowledged.size() + 40;
                CompletableFuture<?>[] sources = tellUntilKilled(gateway, round, acknowledged);
                await().until(() -> acknowledged.size() >= enough);
                gateway.kill();
                CompletableFuture.allOf(sources).join();
                gateway = ServedGateway.again(dir);
                TestingSource again = source(gateway);
                for (String body : acknowledged) {
                    assertThat(json(again.events(body)).at("/duplicates").intValue())
                            .as("of %s requests", acknowledged.size())
                            .isEqualTo(EVENTS);
                }
            }
            gateway.stop();
        } finally {
            gateway.close();
        }
    }

    /** Each until its request fails. */
    private static CompletableFuture<?>[] tellUntilKilled(ServedGateway gateway, int round, List<String> acknowledged) {
        TestingSource source = source(gateway);
        CompletableFuture<?>[] all = new CompletableFuture<?>[SOURCES];
        for (int i = 0; i < SOURCES; i++) {
            String name = "r" + round + "s" + i;
            all[i] = CompletableFuture.runAsync(() -> tell(source, name, acknowledged));
        }
        return all;
    }

    private static void tell(TestingSource source, String name, List<String> acknowledged) {
        for (int request = 0; ; request++) {
            StringBuilder body = new StringBuilder();
            for (int event = 0; event < EVENTS; event++) {
                body.append(lock(name + "-" + request + "-" + event, Instant.now(), "LC01", event % 2 == 0));
            }
            try {
                if (source.events(body.toString()).statusCode() != 202) {
                    return;
                }
            } catch (Exception gone) {
                return;
            }
            acknowledged.add(body.toString());
        }
    }

    private static TestingSource source(ServedGateway gateway) {
        return new TestingSource(gateway.port("context"), TestingSource.token("agent"));
    }
}
