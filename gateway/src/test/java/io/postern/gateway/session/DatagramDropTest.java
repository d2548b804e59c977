package io.postern.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.postern.gateway.e2e.TestingDatagrams;
import io.postern.gateway.e2e.TestingLog;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class DatagramDropTest {

    /** By the words of the system, which each transport passes on in its way. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whatThePathDoesNotTakeIsTooLong() throws Exception {
        assertThat(refused(EpollIoHandler.newFactory(), new EpollDatagramChannel(SocketProtocolFamily.INET)))
                .isEqualTo(DatagramDrop.TOO_LONG);
        assertThat(refused(NioIoHandler.newFactory(), new NioDatagramChannel(SocketProtocolFamily.INET)))
                .isEqualTo(DatagramDrop.TOO_LONG);
    }

    /** Why no datagram of 65,508 bytes leaves, one more than fits into a packet of IPv4. */
    private static DatagramDrop refused(IoHandlerFactory handler, DatagramChannel socket) throws Exception {
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, handler);
        try (TestingDatagrams server = new TestingDatagrams()) {
            loops.register(socket).syncUninterruptibly();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))
                    .syncUninterruptibly();
            Throwable why = socket.writeAndFlush(Unpooled.buffer(65_508).writeZero(65_508))
                    .awaitUninterruptibly()
                    .cause();
            return DatagramDrop.of(why).orElseThrow();
        } finally {
            socket.close().awaitUninterruptibly();
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    @Test
    void aFaultOfOursIsNoDrop() {
        try (TestingLog log = new TestingLog()) {
            assertThat(DatagramDrop.of(new IllegalStateException("planted"))).isEmpty();
            log.expectStack("planted");
        }
    }
}
