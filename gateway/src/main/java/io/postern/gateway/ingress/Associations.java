package io.postern.gateway.ingress;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Where the datagrams of SOCKS5 clients go, RFC 1928 section 7. */
public interface Associations {

    /**
     * Takes datagrams of one client from now on, for as long as the connection that asked for it is there.
     *
     * @param address where the client sends them
     * @param control what becomes of the connection: it carries nothing more
     */
    record Association(InetSocketAddress address, ChannelHandler control) {}

    /**
     * @param control the connection that asks
     * @param port the client sends from; 0 when it does not know yet
     * @return empty when there is no socket to be had
     */
    Optional<Association> open(Channel control, Caller caller, int port);
}
