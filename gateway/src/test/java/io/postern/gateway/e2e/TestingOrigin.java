package io.postern.gateway.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;

/** A server on loopback that does what the test says, one connection after the other. */
public final class TestingOrigin implements AutoCloseable {

    private final ServerSocket socket;

    public TestingOrigin() throws IOException {
        this(50);
    }

    private TestingOrigin(int backlog) throws IOException {
        socket = new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(10_000);
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
