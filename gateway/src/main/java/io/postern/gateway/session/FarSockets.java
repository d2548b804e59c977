package io.postern.gateway.session;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;

/** Makes the sockets that sessions send by. */
public interface FarSockets {

    /**
     * Connecting a socket for datagrams asks nobody: it fails at once for want of a route.
     *
     * @param loop the session's, which calls this
     * @param whole whether datagrams must stay whole on the way
     */
    Future<FarSocket> connect(EventLoop loop, InetSocketAddress to, boolean whole, FarSocket.Receiver receiver);

    /** Through channels of Netty, on every system. */
    static FarSockets through(DatagramSockets sockets) {
        return (loop, to, whole, receiver) -> FarChannel.connect(sockets, loop, to, whole, receiver);
    }

    /** Through Linux itself, for loops of epoll; through channels where its library cannot be called from here. */
    static FarSockets batched(DatagramSockets otherwise) {
        return NativeSockets.available() ? FarBatches::connect : through(otherwise);
    }
}
