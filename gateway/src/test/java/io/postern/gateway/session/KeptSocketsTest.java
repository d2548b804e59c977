package io.postern.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.postern.gateway.e2e.TestingDatagrams;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Without the right to bind foreign addresses: those of loopback are as good. */
@EnabledOnOs(OS.LINUX)
class KeptSocketsTest {

    private final List<EpollDatagramChannel> opened = new CopyOnWriteArrayList<>();
    private final AtomicInteger dropped = new AtomicInteger();

    @Test
    void answersComeFromWhoWasAskedAndShareItsSocket() throws Exception {
        try (TestingSessions sessions = TestingSessions.open();
                TestingDatagrams client = new TestingDatagrams()) {
            KeptSockets kept = kept(sessions);
            InetSocketAddress server = new InetSocketAddress("127.9.8.1", free("127.9.8.1"));
            sessions.onLoop(() -> {
                write(kept, "one", server, client);
                write(kept, "two", server, client);
                kept.flush();
            });
            for (String answer : List.of("one", "two")) {
                TestingDatagrams.Received received = client.receive();
                assertThat(received.text()).isEqualTo(answer);
                assertThat(received.from()).isEqualTo(server);
            }
            assertThat(opened).hasSize(1);
        }
    }

    /** The one that was used longest ago goes, and what waits in it with it. */
    @Test
    void noMoreAreKeptThanMayBe() throws Exception {
        try (TestingSessions sessions = TestingSessions.open();
                TestingDatagrams client = new TestingDatagrams()) {
            KeptSockets kept = kept(sessions);
            sessions.onLoop(() -> {
                for (int i = 0; i <= KeptSockets.MOST; i++) {
                    write(kept, "from " + i, server(i), client);
                    write(kept, "again", server(0), client);
                }
            });
            assertThat(client.receive().text()).as("what had to go first").isEqualTo("from 1");
            await().until(() -> !opened.get(1).isOpen());
            assertThat(opened).hasSize(KeptSockets.MOST + 1);
            assertThat(opened).filteredOn(EpollDatagramChannel::isOpen).hasSize(KeptSockets.MOST);
            assertThat(opened.get(0).isOpen()).isTrue();
        }
    }

    /** An answer that is lost is the resolver's to count. */
    @Test
    void whatTheSystemDoesNotTakeIsDroppedAndTold() throws Exception {
        try (TestingSessions sessions = TestingSessions.open();
                TestingDatagrams client = new TestingDatagrams()) {
            KeptSockets kept = kept(sessions);
            sessions.onLoop(() -> {
                write(kept, "first", server(0), client);
                opened.get(0).config().setWriteBufferWaterMark(new WriteBufferWaterMark(100, 200));
                opened.get(0).pipeline().addLast(new ChannelOutboundHandlerAdapter() {
                    @Override
                    public void flush(ChannelHandlerContext ctx) {}
                });
                for (int i = 0; i < 100; i++) {
                    write(kept, "answer " + i, server(0), client);
                }
            });
            assertThat(dropped.get()).isBetween(90, 99);
        }
    }

    private static InetSocketAddress server(int number) {
        return new InetSocketAddress("127.9.7." + (number + 1), 15_353);
    }

    private static void write(KeptSockets kept, String answer, InetSocketAddress from, TestingDatagrams to) {
        kept.write(
                answer.getBytes(StandardCharsets.ISO_8859_1),
                from,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), to.port()));
    }

    private KeptSockets kept(TestingSessions sessions) {
        return new KeptSockets(
                new ReplySockets(sessions.sessions, sessions.loop, family -> {
                    EpollDatagramChannel channel = new EpollDatagramChannel(family);
                    opened.add(channel);
                    return channel;
                }),
                dropped::incrementAndGet);
    }

    private static int free(String address) throws Exception {
        try (TestingDatagrams gone = new TestingDatagrams(address)) {
            return gone.port();
        }
    }
}
