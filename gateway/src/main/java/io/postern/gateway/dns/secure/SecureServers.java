package io.postern.gateway.dns.secure;

import io.netty.channel.EventLoop;
import io.postern.dns.forward.Server;
import io.postern.gateway.open.Dialer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Asks servers inside TLS, by connections that stay; each event loop has its own. */
public final class SecureServers {

    private final Connector connector;
    private final Map<EventLoop, Map<Server, Lines>> lines = new ConcurrentHashMap<>();

    /**
     * @param caFile PEM certificates that are trusted instead of those that Java trusts
     * @throws IOException when they cannot be read
     */
    public SecureServers(Dialer.Sockets sockets, Optional<Path> caFile) throws IOException {
        connector = new Connector(sockets, caFile);
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

    /**
     * Call on the loop, where the answer will come too.
     *
     * @param failed the server cannot be reached, has hung up, or says that it will not answer; not before this returns
     */
    public Waiting ask(EventLoop loop, Server server, byte[] message, Consumer<byte[]> answered, Runnable failed) {
        Question question = new Question(message, answered, failed);
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
