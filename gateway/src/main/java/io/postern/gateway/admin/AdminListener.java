package io.postern.gateway.admin;

import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.postern.gateway.http.Connections;
import io.postern.gateway.http.HttpServer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Where the admin API is served. It listens before there is one: reading what is kept takes long after a crash, and whoever
 * watches must be told that the gateway lives.
 */
public final class AdminListener {

    static final int MAX_CONNECTIONS = 64;

    private static final Duration CONNECTION_LIFE = Duration.ofSeconds(10);

    private final Connections connections;
    private final StartingDoor door;
    private final HttpServer server;

    /**
     * @param loopback whether it is bound there
     * @param hosts what a loopback listener may be called besides its addresses
     * @param tls towards the client; absent: plain text
     */
    public AdminListener(boolean loopback, List<String> hosts, Optional<Function<SocketChannel, SslHandler>> tls) {
        this(loopback, hosts, tls, CONNECTION_LIFE);
    }

    AdminListener(
            boolean loopback,
            List<String> hosts,
            Optional<Function<SocketChannel, SslHandler>> tls,
            Duration connectionLife) {
        connections = new Connections(MAX_CONNECTIONS, connectionLife);
        door = new StartingDoor(new Hosts(loopback, hosts));
        server = new HttpServer("admin", door, connections, tls);
    }

    /** @see HttpServer#bind */
    public CompletableFuture<InetSocketAddress> bind(InetSocketAddress address) {
        return server.bind(address);
    }

    /** From now on all of it is served. */
    public void serve(Api api) {
        door.open(api.gate(connections));
    }

    /** @see HttpServer#close */
    public CompletableFuture<Void> close() {
        return server.close();
    }
}
