package io.postern.gateway.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.postern.dns.forward.Inquiry;
import io.postern.dns.forward.Server;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** From which ports are servers asked, and how long does one live? */
@ParameterizedClass(name = "epoll: {0}")
@ValueSource(booleans = {false, true})
class UdpPortsTest {

    private static final byte[] UNREACHABLE = {'n', 'o'};

    private final LongAdder open = new LongAdder();
    private final LongAdder spoilt = new LongAdder();

    @Parameter
    private boolean epoll;

    private MultiThreadIoEventLoopGroup loops;
    private EventLoop loop;
    private UdpPorts ports;
    private DatagramSocket socket;
    private Server server;

    @BeforeEach
    void listen() throws SocketException {
        assumeTrue(!epoll || Epoll.isAvailable());
        loops = new MultiThreadIoEventLoopGroup(1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        loop = loops.next();
        UdpSockets sockets = epoll ? UdpSockets.epoll() : UdpSockets.through(NioDatagramChannel::new);
        ports = new UdpPorts(loop, sockets, new UdpPorts.Counts(open, spoilt));
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server = Server.plain((InetSocketAddress) socket.getLocalSocketAddress());
    }

    @AfterEach
    void close() {
        if (loops == null) {
            return;
        }
        socket.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** One question on its way. */
    private final class Asking implements Attempt.Told {

        private final BlockingQueue<byte[]> came = new LinkedBlockingQueue<>();
        private final UdpPort port;

        Asking() throws Exception {
            this(onLoop(() -> ports.take(server)));
        }

        Asking(UdpPort port) {
            this.port = port;
        }

        void ask() throws Exception {
            onLoop(() -> {
                port.ask(new byte[] {1, 2, 3}, this);
                return true;
            });
        }

        @Override
        public void received(byte[] message) {
            came.add(message);
        }

        @Override
        public void failed() {
            came.add(new byte[0]);
        }

        @Override
        public void unreachable() {
            came.add(UNREACHABLE);
        }

        void leave(boolean answered) throws Exception {
            assertThat(came.poll(10, TimeUnit.SECONDS)).hasSize(3);
            onLoop(() -> {
                port.leave(answered);
                return true;
            });
        }
    }

    private <T> T onLoop(Callable<T> what) throws Exception {
        return loop.submit(what).get(10, TimeUnit.SECONDS);
    }

    /** The port it came from. */
    private InetSocketAddress receive() throws IOException {
        DatagramPacket datagram = new DatagramPacket(new byte[16], 16);
        socket.receive(datagram);
        return (InetSocketAddress) datagram.getSocketAddress();
    }

    private void answer(InetSocketAddress asker) throws IOException {
        socket.send(new DatagramPacket(new byte[] {1, 2, 3}, 3, asker));
    }

    /** Asked and answered. */
    private int question() throws Exception {
        Asking asking = new Asking();
        asking.ask();
        InetSocketAddress asker = receive();
        answer(asker);
        asking.leave(true);
        return asker.getPort();
    }

    /** Where nobody listens the system says so: that tells of the server, whatever was asked. */
    @Test
    void aServerThatIsNotThereIsToldApartFromOneThatIsSilent() throws Exception {
        socket.close();
        Asking asking = new Asking();
        asking.ask();
        assertThat(asking.came.poll(10, TimeUnit.SECONDS)).isEqualTo(UNREACHABLE);
    }

    /** As without a route: nobody has to wait until its time is over. */
    @Test
    void aServerThatNoSocketLeadsToFailsTheQuestionAtOnce() throws Exception {
        Server nowhere = Server.plain(new InetSocketAddress("255.255.255.255", 53));
        CountDownLatch failed = new CountDownLatch(1);
        Inquiry.Step.Send send =
                new Inquiry.Step.Send(nowhere, false, new byte[] {1, 2, 3}, Duration.ZERO, Duration.ZERO);
        UdpAttempt attempt = new UdpAttempt(loop, ports, send, new Attempt.Told() {
            @Override
            public void received(byte[] message) {}

            @Override
            public void failed() {
                failed.countDown();
            }

            @Override
            public void unreachable() {}
        });
        loop.execute(attempt::begin);
        assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
        loop.execute(() -> attempt.end(Attempt.End.OTHERWISE));
        await().until(() -> open.sum() == 0);
    }

    @Test
    void aPortIsOneOfMany() throws Exception {
        List<Integer> used = new ArrayList<>();
        for (int i = 0; i < 20 * UdpPorts.LEAST; i++) {
            used.add(question());
        }
        // Until there are enough to draw among, each has a fresh one; two of them may have the same by chance.
        assertThat(new HashSet<>(used.subList(0, UdpPorts.LEAST))).hasSizeGreaterThan(UdpPorts.LEAST - 8);
        // Then they are drawn by lot: of as many questions as there are ports some two thirds are the only ones of
        // theirs.
        assertThat(new HashSet<>(used.subList(used.size() - UdpPorts.LEAST, used.size())))
                .hasSizeGreaterThan(UdpPorts.LEAST / 2);
        assertThat(new HashSet<>(used)).hasSizeLessThan(used.size() / 2);
        assertThat(used.stream().collect(Collectors.groupingBy(port -> port, Collectors.counting())))
                .allSatisfy((port, times) -> assertThat(times).isLessThanOrEqualTo(2 * UdpPorts.QUESTIONS));
        assertThat(open.sum()).isLessThanOrEqualTo(UdpPorts.LEAST);
    }

    @Test
    void aPortIsGivenUpAfterSoManyQuestions() throws Exception {
        for (int i = 0; i < UdpPorts.LEAST; i++) {
            question();
        }
        UdpPort one = onLoop(() -> ports.take(server));
        for (int i = one.questions(); i < UdpPorts.QUESTIONS; i++) {
            Asking asking = new Asking(one);
            asking.ask();
            answer(receive());
            assertThat(asking.came.poll(10, TimeUnit.SECONDS)).hasSize(3);
        }
        long before = open.sum();
        onLoop(() -> {
            one.leave(true);
            return true;
        });
        await().until(() -> open.sum() == before - 1);
    }

    @Test
    void questionsAtTheSameTimeShareNoPort() throws Exception {
        for (int i = 0; i < UdpPorts.LEAST; i++) {
            question();
        }
        List<Asking> all = new ArrayList<>();
        List<InetSocketAddress> from = new ArrayList<>();
        for (int i = 0; i < 2 * UdpPorts.MOST; i++) {
            Asking asking = new Asking();
            asking.ask();
            all.add(asking);
            from.add(receive());
        }
        assertThat(from).doesNotHaveDuplicates();
        for (int i = 0; i < all.size(); i++) {
            answer(from.get(i));
            all.get(i).leave(true);
        }
        await().until(() -> open.sum() <= UdpPorts.MOST);
    }

    @Test
    void whatNobodyAskedForEndsThePort() throws Exception {
        Asking asking = new Asking();
        asking.ask();
        InetSocketAddress asker = receive();
        answer(asker);
        asking.leave(true);
        assertThat(open.sum()).isEqualTo(1);
        answer(asker);
        await().until(() -> open.sum() == 0);
        assertThat(spoilt.sum()).isEqualTo(1);
    }

    @Test
    void whatIsNotAnsweredHasItsPortForItself() throws Exception {
        Asking late = new Asking();
        late.ask();
        answer(receive());
        late.leave(false);
        await().until(() -> open.sum() == 0);

        Asking guessed = new Asking();
        guessed.ask();
        InetSocketAddress asker = receive();
        answer(asker);
        answer(asker);
        await().until(() -> guessed.came.size() == 2);
        guessed.leave(true);
        await().until(() -> open.sum() == 0);
        assertThat(spoilt.sum()).isZero();
    }
}
