package io.postern.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.postern.gateway.e2e.TestingDatagrams;
import io.postern.gateway.e2e.TestingLog;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Without the right to bind foreign addresses: those of loopback are as good. */
@EnabledOnOs(OS.LINUX)
class ReplySocketsTest {

    private static final ChannelOption<Integer> MTU = new IntegerUnixChannelOption("IP_MTU_DISCOVER", 0, 10);

    @Test
    void sessionsOfOneDestinationShareASocketUntilTheLastLeaves() throws Exception {
        try (TestingSessions sessions = TestingSessions.open();
                TestingDatagrams client = new TestingDatagrams()) {
            ReplySockets replies = replies(sessions);
            InetSocketAddress meant = free();
            EpollDatagramChannel first = sessions.on(() -> replies.take(meant)).orElseThrow();
            EpollDatagramChannel second = sessions.on(() -> replies.take(meant)).orElseThrow();
            assertThat(second).isSameAs(first);
            sessions.onLoop(() -> replies.giveBack(meant));
            assertThat(first.isOpen()).isTrue();
            first.writeAndFlush(new DatagramPacket(
                            Unpooled.copiedBuffer("answer", StandardCharsets.ISO_8859_1),
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), client.port())))
                    .syncUninterruptibly();
            TestingDatagrams.Received answer = client.receive();
            assertThat(answer.text()).isEqualTo("answer");
            assertThat(answer.from()).isEqualTo(meant);

            sessions.onLoop(() -> replies.giveBack(meant));
            await().until(() -> !first.isOpen());
            EpollDatagramChannel later = sessions.on(() -> replies.take(meant)).orElseThrow();
            assertThat(later).isNotSameAs(first);
            assertThat(later.isOpen()).isTrue();
            sessions.onLoop(() -> replies.giveBack(meant));
        }
    }

    @Test
    void eachLoopHasItsOwnAtTheSameAddress() throws Exception {
        try (TestingSessions one = TestingSessions.open();
                TestingSessions other = TestingSessions.open()) {
            ReplySockets ofOne = replies(one);
            ReplySockets ofOther = replies(other);
            InetSocketAddress meant = free();
            assertThat(one.on(() -> ofOne.take(meant))).isPresent();
            assertThat(other.on(() -> ofOther.take(meant))).isPresent();
            one.onLoop(() -> ofOne.giveBack(meant));
            other.onLoop(() -> ofOther.giveBack(meant));
        }
    }

    /** What is too long for the path is cut, whatever the system believes of the path. */
    @Test
    void answersMayBeFragmented() throws Exception {
        try (TestingSessions sessions = TestingSessions.open()) {
            ReplySockets replies = replies(sessions);
            InetSocketAddress meant = free();
            EpollDatagramChannel socket = sessions.on(() -> replies.take(meant)).orElseThrow();
            assertThat(socket.config().getOption(MTU)).isZero();
            sessions.onLoop(() -> replies.giveBack(meant));
        }
    }

    /** Somebody else has the address; that is told once and counted each time, and the next address is tried all the same. */
    @Test
    void anAddressThatCannotBeBoundIsSaidSo() throws Exception {
        try (TestingLog log = new TestingLog();
                TestingSessions sessions = TestingSessions.open();
                TestingDatagrams somebody = new TestingDatagrams()) {
            ReplySockets replies = replies(sessions);
            InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), somebody.port());
            assertThat(sessions.on(() -> replies.take(taken))).isEmpty();
            assertThat(sessions.on(() -> replies.take(taken))).isEmpty();
            assertThat(sessions.dropped(DatagramDrop.FAILED)).isEqualTo(2);
            log.expectOnce("no answer can be sent from");
            // Nobody has anything to give back.
            sessions.onLoop(() -> replies.giveBack(taken));
            InetSocketAddress meant = free();
            assertThat(sessions.on(() -> replies.take(meant))).isPresent();
            sessions.onLoop(() -> replies.giveBack(meant));
        }
    }

    @Test
    void aSocketThatCannotBeMadeIsSaidSo() throws Exception {
        try (TestingLog log = new TestingLog();
                TestingSessions sessions = TestingSessions.open()) {
            ReplySockets replies = new ReplySockets(sessions.sessions, sessions.loop, family -> {
                throw new ChannelException("operation not permitted");
            });
            Optional<EpollDatagramChannel> none = sessions.on(() -> replies.take(free()));
            assertThat(none).isEmpty();
            assertThat(sessions.dropped(DatagramDrop.FAILED)).isEqualTo(1);
            log.expectOnce("operation not permitted");
        }
    }

    private static ReplySockets replies(TestingSessions sessions) {
        return new ReplySockets(sessions.sessions, sessions.loop, EpollDatagramChannel::new);
    }

    /** An address of loopback that nobody has. */
    private static InetSocketAddress free() throws Exception {
        try (TestingDatagrams gone = new TestingDatagrams("127.9.8.7")) {
            return new InetSocketAddress("127.9.8.7", gone.port());
        }
    }
}
