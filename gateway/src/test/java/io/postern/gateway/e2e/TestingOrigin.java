package io.postern.gateway.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A server on loopback that does what the test says, one connection after the other. */
public final class TestingOrigin implements AutoCloseable {

    /** The kernel gives a port again once it is free, but a record is told from those of other tests by its port. */
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private final ServerSocket socket;

    public TestingOrigin() throws IOException {
        socket = onAnUnusedPort();
        socket.setSoTimeout(10_000);
    }

    private static ServerSocket onAnUnusedPort() throws IOException {
        while (true) {
            ServerSocket bound = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            if (GIVEN.add(bound.getLocalPort())) {
                return bound;
            }
            bound.close();
        }
    }

    /** Its {@code host:port}. */
    public String authority() {
        return "127.0.0.1:" + port();
    }

    public int port() {
        return socket.getLocalPort();
    }

    public TestingConnection accept() throws IOException {
        return new TestingConnection(socket.accept());
    }

    /** Whether nobody waits to be accepted: connections the kernel made are seen at once. */
    public boolean untouched() throws IOException {
        socket.setSoTimeout(1);
        try {
            socket.accept().close();
            return false;
        } catch (SocketTimeoutException nobody) {
            return true;
        } finally {
            socket.setSoTimeout(10_000);
        }
    }

    /** What may throw and is done beside the test. */
    public interface Work {
        void go() throws Exception;
    }

    /** Does it on a thread of its own; {@code join} tells how it went. */
    public static CompletableFuture<Void> behind(Work work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        work.go();
                        done.complete(null);
                    } catch (Throwable failed) {
                        done.completeExceptionally(failed);
                    }
                },
                "origin");
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
