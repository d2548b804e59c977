package io.postern.gateway;

import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * One port for connections and for datagrams. Where the system chooses it, it chooses one that is free for connections; what
 * somebody has for datagrams is passed over.
 */
final class SharedPort {

    private static final int CHOICES = 20;

    private SharedPort() {}

    /** Binds for connections. */
    interface Connections {
        Channel bind() throws IOException;
    }

    /** Binds the same address for datagrams, or leaves nothing bound. */
    interface Datagrams {
        void bind(InetSocketAddress address) throws IOException;
    }

    /**
     * Blocks: for the start.
     *
     * @param chosen whether the system chooses the port: only then is another one tried, of {@value #CHOICES}
     * @throws IOException when no port is to be had; nothing is bound then
     */
    static Channel bind(boolean chosen, Connections connections, Datagrams datagrams) throws IOException {
        for (int choice = 1; ; choice++) {
            Channel channel = connections.bind();
            try {
                datagrams.bind((InetSocketAddress) channel.localAddress());
                return channel;
            } catch (IOException taken) {
                channel.close().awaitUninterruptibly();
                if (!chosen || choice == CHOICES) {
                    throw taken;
                }
            }
        }
    }
}
