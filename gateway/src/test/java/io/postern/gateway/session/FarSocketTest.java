package io.postern.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.postern.gateway.e2e.TestingDatagrams;
import io.postern.gateway.e2e.TestingLog;
import io.postern.gateway.records.CloseReason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both kinds of a session's socket, beside each other. */
@EnabledOnOs(OS.LINUX)
class FarSocketTest {

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final IoEventLoop loop = loops.next();

    enum Kind {
        BATCHED,
        CHANNEL;

        FarSockets sockets() {
            return this == BATCHED
                    ? FarSockets.batched(FarSocketTest::channel)
                    : FarSockets.through(FarSocketTest::channel);
        }
    }

    private static EpollDatagramChannel channel(SocketProtocolFamily family) {
        EpollDatagramChannel channel = new EpollDatagramChannel(family);
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(65_535));
        return channel;
    }

    /** What a socket said, in order. */
    private static final class Heard implements FarSocket.Receiver {

        private final List<String> said = new CopyOnWriteArrayList<>();

        @Override
        public void serverSent(ByteBuf datagram) {
            String text = datagram.toString(StandardCharsets.ISO_8859_1);
            said.add(text);
            if (text.equals("fault")) {
                throw new IllegalStateException("planted");
            }
        }

        @Override
        public void serverPaused() {}

        @Override
        public void unreachable() {
            said.add("unreachable");
        }

        @Override
        public void dropped(DatagramDrop why) {
            said.add(why.label());
        }

        @Override
        public void end(CloseReason why) {
            said.add(why.name());
        }
    }

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** More than one system call sends or brings, and as long as datagrams can be. */
    @ParameterizedTest
    @EnumSource
    void manyAndLongOnesGoWholeAndInOrder(Kind kind) throws Exception {
        Heard heard = new Heard();
        try (TestingDatagrams server = new TestingDatagrams()) {
            FarSocket socket = open(kind, server, heard, false);
            on(() -> {
                for (int i = 0; i < 100; i++) {
                    assertThat(socket.send(datagram("x".repeat(i + 1)))).isTrue();
                }
                socket.flush();
                return true;
            });
            SocketAddress from = server.receive().from();
            for (int i = 1; i < 100; i++) {
                assertThat(server.receive().text()).hasSize(i + 1);
            }
            for (int i = 0; i < 100; i++) {
                server.send(from, "y".repeat(i + 1));
            }
            server.send(from, "z".repeat(65_507));
            await().until(() -> heard.said.size() == 101);
            for (int i = 0; i < 100; i++) {
                assertThat(heard.said.get(i)).hasSize(i + 1);
            }
            assertThat(heard.said.get(100)).hasSize(65_507);
        }
    }

    /** In turns, as clients of one listener send: each destination has its own, in their order. */
    @ParameterizedTest
    @EnumSource
    void socketsOfALoopDoNotMixTheirDatagrams(Kind kind) throws Exception {
        try (TestingDatagrams one = new TestingDatagrams();
                TestingDatagrams other = new TestingDatagrams()) {
            FarSocket toOne = open(kind, one, new Heard(), false);
            FarSocket toOther = open(kind, other, new Heard(), false);
            on(() -> {
                for (String text : List.of("1", "2", "3")) {
                    toOne.send(datagram("a" + text));
                    toOther.send(datagram("b" + text));
                    toOther.send(datagram("c" + text));
                }
                toOne.flush();
                toOther.flush();
                return true;
            });
            for (String text : List.of("a1", "a2", "a3")) {
                assertThat(one.receive().text()).isEqualTo(text);
            }
            for (String text : List.of("b1", "c1", "b2", "c2", "b3", "c3")) {
                assertThat(other.receive().text()).isEqualTo(text);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsTooLongIsToldAndTheOthersGo(Kind kind) throws Exception {
        Heard heard = new Heard();
        try (TestingDatagrams server = new TestingDatagrams()) {
            FarSocket socket = open(kind, server, heard, false);
            on(() -> {
                socket.send(datagram("before"));
                // One more than fits into a packet of IPv4.
                socket.send(datagram("x".repeat(65_508)));
                socket.send(datagram("after"));
                socket.flush();
                return true;
            });
            assertThat(server.receive().text()).isEqualTo("before");
            assertThat(server.receive().text()).isEqualTo("after");
            await().until(() -> heard.said.equals(List.of("too-long")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void thatNobodyListensIsTold(Kind kind) throws Exception {
        Heard heard = new Heard();
        FarSocket socket;
        try (TestingDatagrams gone = new TestingDatagrams()) {
            socket = open(kind, gone, heard, false);
        }
        on(() -> {
            socket.send(datagram("ping"));
            socket.flush();
            return true;
        });
        await().until(() -> heard.said.contains("unreachable"));
    }

    /** It is a fault of ours: logged, and of this session alone. */
    @ParameterizedTest
    @EnumSource
    void aFaultWithAnAnswerIsToldAndOthersAreHeard(Kind kind) throws Exception {
        Heard broken = new Heard();
        Heard other = new Heard();
        try (TestingLog log = new TestingLog();
                TestingDatagrams server = new TestingDatagrams()) {
            FarSocket first = open(kind, server, broken, false);
            FarSocket second = open(kind, server, other, false);
            for (FarSocket socket : List.of(first, second)) {
                on(() -> {
                    socket.send(datagram("ping"));
                    socket.flush();
                    return true;
                });
            }
            server.send(server.receive().from(), "fault");
            server.send(server.receive().from(), "pong");
            await().until(() -> other.said.equals(List.of("pong")));
            assertThat(broken.said).containsExactly("fault", "ERROR");
            log.expectStack("planted");
        }
    }

    /** What it was to send goes nowhere. */
    @ParameterizedTest
    @EnumSource
    void aClosedSocketIsSilent(Kind kind) throws Exception {
        Heard heard = new Heard();
        try (TestingDatagrams server = new TestingDatagrams()) {
            FarSocket socket = open(kind, server, heard, false);
            FarSocket other = open(kind, server, new Heard(), false);
            on(() -> {
                socket.send(datagram("never"));
                socket.close();
                socket.close();
                other.send(datagram("later"));
                other.flush();
                return true;
            });
            assertThat(server.receive().text()).isEqualTo("later");
            await().until(() -> heard.said.contains("UPSTREAM_RESET"));
        }
    }

    /** ip(7): the path's own size is looked for, and datagrams are not cut. */
    @Test
    void wholeOnesForbidFragments() throws Exception {
        int level = 0;
        int discover = 10;
        try (TestingDatagrams server = new TestingDatagrams()) {
            FarBatches whole = (FarBatches) open(Kind.BATCHED, server, new Heard(), true);
            assertThat(((LinuxSocket) whole.fd()).getIntOpt(level, discover)).isEqualTo(3);
            FarBatches any = (FarBatches) open(Kind.BATCHED, server, new Heard(), false);
            assertThat(((LinuxSocket) any.fd()).getIntOpt(level, discover)).isNotEqualTo(3);
        }
    }

    private FarSocket open(Kind kind, TestingDatagrams server, Heard heard, boolean whole) {
        return on(() -> kind.sockets()
                .connect(loop, new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), whole, heard)
                .getNow());
    }

    private <T> T on(Callable<T> what) {
        try {
            return loop.submit(what).get(10, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static ByteBuf datagram(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }
}
