package io.postern.gateway.dns.secure;

import io.netty.channel.EventLoop;
import io.postern.dns.forward.Server;
import io.postern.dns.forward.Server.Carriage;
import io.postern.gateway.open.Dialer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Asks servers inside TLS, by connections that stay; each event loop has its own. */
public final class SecureServers {

    private final Connector connector;
    private final Map<EventLoop, Map<Server, Lines>> lines = new ConcurrentHashMap<>();

    /**
     * @param caFile PEM certificates that are trusted instead of those that Java trusts
     * @param servers all that are ever asked, by whatever carriage
     * @throws IOException when they cannot be read
     */
    public SecureServers(Dialer.Sockets sockets, Optional<Path> caFile, Collection<Server> servers) throws IOException {
        connector = new Connector(
                sockets, caFile, servers.stream().anyMatch(server -> server.carriage() != Carriage.PLAIN));
    }

    /** A question that waits. */
    public interface Waiting {

        /**
         * Nobody waits for the answer any more.
         *
         * @param unanswered because the time is over
         */
        void end(boolean unanswered);
    }

    /** Who is told what becomes of a question, once, and not before {@link #ask} has returned. */
    public interface Asker {

        /** With the id it was asked by. */
        void received(byte[] message);

        /** The server has hung up or says that it will not answer this one, or too many wait. */
        void failed();

        /** There is no connection, and none comes about. */
        void unreachable();
    }

    /** Call on the loop, where the answer will come too. */
    public Waiting ask(EventLoop loop, Server server, byte[] message, Asker asker) {
        Question question = new Question(message, asker);
        lines.computeIfAbsent(loop, any -> new HashMap<>())
                .computeIfAbsent(server, any -> new Lines(loop, server, connector))
                .ask(question);
        return unanswered -> {
            Line line = question.line;
            question.forget();
            if (line != null) {
                line.end(question, unanswered);
            }
        };
    }

    /** Connections that are open. */
    public int open() {
        return connector.open();
    }
}
