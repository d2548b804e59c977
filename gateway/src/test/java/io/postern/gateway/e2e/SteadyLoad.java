package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingOrigin.behind;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Flows of one app that never pause: short ones come and go, long ones stay. One that fails fails them all. */
final class SteadyLoad {

    private static final int EACH = 2;

    private final TestingGateway gateway;
    private final TestingOrigin origin;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger done = new AtomicInteger();
    private final List<CompletableFuture<Void>> flows = new ArrayList<>();
    private final Semaphore room;

    SteadyLoad(TestingGateway gateway, TestingOrigin origin) {
        this(gateway, origin, Integer.MAX_VALUE);
    }

    /** @param room for so many short flows, until there is {@link #more}: a fast machine makes no more records than a slow one */
    SteadyLoad(TestingGateway gateway, TestingOrigin origin, int room) {
        this.room = new Semaphore(room);
        this.gateway = gateway;
        this.origin = origin;
        behind(this::echo);
        for (int i = 0; i < EACH; i++) {
            flows.add(behind(this::shortFlows));
            flows.add(behind(this::longFlow));
        }
    }

    /** Ends them; every one of them must have been allowed, and none is missing. */
    void end(int atLeast) throws Exception {
        over.set(true);
        CompletableFuture.allOf(flows.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
        gateway.awaitNothingLeft();
        assertThat(done.get()).as("short flows meanwhile").isGreaterThan(atLeast);
        assertThat(gateway.records())
                .hasSize(done.get() + EACH)
                .allMatch(line -> line.at("/action_id").asInt() == 1);
    }

    void more(int flows) {
        room.release(flows);
    }

    int done() {
        return done.get();
    }

    private void shortFlows() throws Exception {
        while (!over.get()) {
            if (!room.tryAcquire(20, TimeUnit.MILLISECONDS)) {
                continue;
            }
            try (TestingConnection client = tunnel()) {
                assertThat(client.send("\0ping").read(5)).isEqualTo("\0ping");
            }
            done.incrementAndGet();
        }
    }

    private void longFlow() throws IOException {
        try (TestingConnection client = tunnel()) {
            while (!over.get()) {
                assertThat(client.send("\0ping").read(5)).isEqualTo("\0ping");
            }
        }
    }

    private TestingConnection tunnel() throws IOException {
        TestingConnection client =
                TestingClient.to(gateway).send(TestingClient.connect(origin.authority(), "com.acme.good"));
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        return client;
    }

    /** Says back what it hears, to everybody, until the origin is closed. */
    private void echo() throws IOException {
        while (true) {
            TestingConnection server = origin.accept();
            behind(() -> {
                try (server) {
                    for (String heard = server.read(5); !heard.isEmpty(); heard = server.read(5)) {
                        server.send(heard);
                    }
                }
            });
        }
    }
}
