package io.postern.gateway.session;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DatagramChannel;
import io.postern.gateway.ingress.Associations;
import io.postern.gateway.ingress.Caller;
import io.postern.gateway.ingress.Entrance;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The associations of one listener. Each has a socket of its own, at the address that its client has reached and on its
 * client's loop.
 */
public final class SocksAssociations implements Associations {

    /** Remembered by one association; there may be thousands of them. */
    private static final int REFUSED = 64;

    private final Sessions sessions;
    private final Entrance entrance;
    private final long idleNanos;

    /** @param idleNanos after which an association without a session is given up */
    public SocksAssociations(Sessions sessions, Entrance entrance, long idleNanos) {
        this.sessions = sessions;
        this.entrance = entrance;
        this.idleNanos = idleNanos;
    }

    @Override
    public Optional<Association> open(Channel control, Caller caller, int port) {
        if (!(control.localAddress() instanceof InetSocketAddress reached)) {
            return Optional.empty();
        }
        DatagramChannel socket;
        try {
            socket = sessions.socket(reached);
        } catch (ChannelException noSocket) {
            return Optional.empty();
        }
        SocksRelay relay = new SocksRelay(
                new SessionTable<>(sessions, entrance, control.eventLoop(), REFUSED), socket, caller, port);
        socket.pipeline().addLast("relay", relay);
        control.eventLoop().register(socket);
        ChannelFuture bound = socket.bind(new InetSocketAddress(reached.getAddress(), 0));
        if (!bound.isSuccess()) {
            socket.close();
            return Optional.empty();
        }
        return Optional.of(new Association(
                socket.localAddress(),
                new SocksControl(relay, entrance.flows().on(control.eventLoop()).clock(), idleNanos)));
    }
}
