package io.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedPortTest {

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<Channel> tried = new ArrayList<>();
    private final List<DatagramSocket> sockets = new ArrayList<>();

    @AfterEach
    void close() {
        sockets.forEach(DatagramSocket::close);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void aPortThatSomebodyHasForDatagramsIsPassedOver() throws IOException {
        Channel bound = SharedPort.bind(true, () -> takenBySomebody(2), this::datagrams);

        assertThat(tried).hasSize(3);
        assertThat(tried.subList(0, 2)).noneMatch(Channel::isOpen);
        assertThat(bound).isSameAs(tried.get(2)).matches(Channel::isOpen);
        assertThat(sockets.get(2).getLocalPort()).isEqualTo(address(bound).getPort());
    }

    @Test
    void aPortThatIsSetIsTheOnlyOne() {
        assertThatThrownBy(() -> SharedPort.bind(false, () -> takenBySomebody(1), this::datagrams))
                .isInstanceOf(BindException.class);

        assertThat(tried).singleElement().matches(channel -> !channel.isOpen());
    }

    @Test
    void whereNoPortIsToBeHadItEnds() {
        assertThatThrownBy(() -> SharedPort.bind(true, () -> takenBySomebody(1_000), this::datagrams))
                .isInstanceOf(BindException.class);

        assertThat(tried).hasSizeGreaterThan(1).noneMatch(Channel::isOpen);
    }

    /** One of the system's choice, which somebody has for datagrams if it is among the first so many. */
    private Channel takenBySomebody(int first) throws IOException {
        Channel channel = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .awaitUninterruptibly()
                .channel();
        tried.add(channel);
        if (tried.size() <= first) {
            datagrams(address(channel));
        }
        return channel;
    }

    private void datagrams(InetSocketAddress address) throws IOException {
        sockets.add(new DatagramSocket(address));
    }

    private static InetSocketAddress address(Channel channel) {
        return (InetSocketAddress) channel.localAddress();
    }
}
