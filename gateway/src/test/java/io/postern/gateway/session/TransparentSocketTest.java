package io.postern.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.postern.gateway.e2e.TestingDatagrams;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is sent to the socket's own address, for which nobody needs a right: the kernel tells that of its destination too. */
@EnabledOnOs(OS.LINUX)
class TransparentSocketTest {

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final Heard heard = new Heard();

    /** What a socket said, in order. */
    private static final class Heard implements TransparentSocket.Receiver {

        private final List<Ends> ends = new CopyOnWriteArrayList<>();
        private final List<String> said = new CopyOnWriteArrayList<>();
        private int pauses;

        @Override
        public void received(Ends from, ByteBuf datagram) {
            String text = datagram.toString(StandardCharsets.ISO_8859_1);
            if (text.equals("fault")) {
                throw new IllegalStateException("planted");
            }
            if (text.equals("memory")) {
                throw new OutOfMemoryError("planted");
            }
            ends.add(from);
            said.add(text);
        }

        @Override
        public void failed(Throwable fault) {
            said.add(fault.getClass().getSimpleName());
        }

        @Override
        public void unreadable() {
            said.add("unreadable");
        }

        @Override
        public void paused() {
            pauses++;
        }
    }

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** IPv4 comes to a socket of IPv6 as a mapped address, and is told as what it is. */
    @ParameterizedTest
    @CsvSource({"127.0.0.1,127.0.0.1", "::1,::1", "::,127.0.0.1", "::,::1"})
    void bothEndsAreTold(String bound, String meant) throws Exception {
        try (Opened socket = open(bound);
                TestingDatagrams client = new TestingDatagrams(meant)) {
            InetSocketAddress to = new InetSocketAddress(InetAddress.getByName(meant), socket.port());
            client.send(to, "ping");
            await().until(() -> heard.said.equals(List.of("ping")));
            assertThat(heard.ends.get(0).meant()).isEqualTo(to);
            assertThat(heard.ends.get(0).client())
                    .isEqualTo(new InetSocketAddress(InetAddress.getByName(meant), client.port()));
        }
    }

    /** All wait before the first is read, so that one system call brings them. */
    @Test
    void aFaultWithOneOfABatchLeavesTheOthers() throws Exception {
        try (Opened socket = open("127.0.0.1", false);
                TestingDatagrams client = new TestingDatagrams()) {
            for (String text : List.of("one", "fault", "two", "memory", "", "three")) {
                client.send(socket.at(), text);
            }
            socket.read();
            await().until(() -> heard.said.size() == 6);
            assertThat(heard.said)
                    .containsExactly("one", "IllegalStateException", "two", "OutOfMemoryError", "", "three");
            assertThat(loops.next().submit(() -> heard.pauses).get()).isEqualTo(1);
        }
    }

    /** More than one system call brings, and as long as datagrams can be. */
    @Test
    void manyAndLongOnesArriveWholeAndInOrder() throws Exception {
        try (Opened socket = open("127.0.0.1");
                TestingDatagrams client = new TestingDatagrams()) {
            for (int i = 0; i < 100; i++) {
                client.send(socket.at(), "x".repeat(i));
            }
            client.send(socket.at(), "y".repeat(65_507));
            await().until(() -> heard.said.size() == 101);
            for (int i = 0; i < 100; i++) {
                assertThat(heard.said.get(i)).hasSize(i);
            }
            assertThat(heard.said.get(100)).hasSize(65_507);
        }
    }

    private Opened open(String address) throws IOException {
        return open(address, true);
    }

    private Opened open(String address, boolean read) throws IOException {
        int port;
        try (TestingDatagrams gone = new TestingDatagrams(address)) {
            port = gone.port();
        }
        InetSocketAddress at = new InetSocketAddress(InetAddress.getByName(address), port);
        TransparentSocket socket = TransparentSocket.open(at, loops.next(), heard, false);
        socket.registration().awaitUninterruptibly();
        if (read) {
            socket.read();
        }
        return new Opened(socket, at);
    }

    private record Opened(TransparentSocket socket, InetSocketAddress at) implements AutoCloseable {

        int port() {
            return at.getPort();
        }

        void read() {
            socket.read();
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
