package io.postern.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.postern.gateway.e2e.TestingDatagrams;
import io.postern.gateway.e2e.TestingLog;
import io.postern.gateway.records.CloseReason;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions without a way in: what becomes of the others when one fails, and what is asked before anything is opened. */
@EnabledOnOs(OS.LINUX)
class SessionTableTest {

    private static final byte[] STUN = HexFormat.of().parseHex("000100002112a442000102030405060708090a0b");
    private static final byte[] QUIC = ByteBuffer.allocate(1200)
            .put(HexFormat.of().parseHex("c30000000108010203040506070800004480"))
            .array();

    @TempDir
    private Path dir;

    private final Answers client = new Answers();

    /** A client that is sent nothing and says what it was asked. */
    private static final class Answers implements Client {

        private final List<String> told = new ArrayList<>();
        private boolean broken;

        @Override
        public boolean open() {
            told.add("open");
            return true;
        }

        @Override
        public boolean takes() {
            return true;
        }

        @Override
        public void send(ByteBuf datagram) {
            if (broken) {
                throw new IllegalStateException("planted");
            }
            told.add(datagram.toString(StandardCharsets.ISO_8859_1));
        }

        @Override
        public void flush() {}

        @Override
        public void leave() {
            told.add("leave");
        }
    }

    /** As one system call brings them: the fault of one is logged, and costs the others nothing. */
    @Test
    void aFaultWithOneSessionOfABatchLeavesTheOthers() throws Exception {
        try (TestingLog log = new TestingLog();
                TestingDatagrams server = new TestingDatagrams();
                TestingSessions sessions = TestingSessions.open()) {
            sessions.onLoop(() -> {
                send(sessions, "one", "127.0.0.1", server.port(), datagram("one"));
                sessions.table.received("broken", datagram("lost"), key -> {
                    throw new IllegalStateException("planted");
                });
                send(sessions, "two", "127.0.0.1", server.port(), datagram("two"));
                sessions.table.flush();
            });
            assertThat(List.of(server.receive().text(), server.receive().text()))
                    .containsExactly("one", "two");
            assertThat(sessions.sessions.live()).isEqualTo(2);
            log.expectStack("planted");
        }
    }

    /** Each may be another connection's, whose keys would have to be made: some pass each second, and none unseen. */
    @Test
    void aFloodOfInitialsInsideASessionIsDropped() throws Exception {
        try (TestingDatagrams server = new TestingDatagrams();
                TestingSessions sessions = TestingSessions.open(2)) {
            sessions.onLoop(() -> send(sessions, "one", "127.0.0.1", server.port(), Unpooled.copiedBuffer(QUIC)));
            assertThat(server.receive().text()).hasSize(QUIC.length);
            sessions.onLoop(() -> {
                for (int i = 0; i < 400; i++) {
                    byte[] initial = QUIC.clone();
                    initial[6] = (byte) i;
                    send(sessions, "one", "127.0.0.1", server.port(), Unpooled.wrappedBuffer(initial));
                }
                send(sessions, "one", "127.0.0.1", server.port(), datagram("other"));
                sessions.table.flush();
            });
            assertThat(sessions.dropped(DatagramDrop.FLOOD)).isBetween(200.0, 384.0);
            assertThat(sessions.ended).isEmpty();
        }
    }

    @Test
    void aFaultWhileASessionIsOpenedEndsItAlone() throws Exception {
        boolean[] broken = {true};
        try (TestingLog log = new TestingLog();
                TestingDatagrams server = new TestingDatagrams();
                TestingSessions sessions = TestingSessions.open((loop, to, whole, receiver) -> {
                    if (broken[0]) {
                        throw new IllegalStateException("planted");
                    }
                    return TestingSessions.sockets().connect(loop, to, whole, receiver);
                })) {
            sessions.onLoop(() -> {
                send(sessions, "broken", "127.0.0.1", server.port(), datagram("lost"));
                broken[0] = false;
                send(sessions, "other", "127.0.0.1", server.port(), datagram("other"));
                // For a second it is not tried again.
                send(sessions, "broken", "127.0.0.1", server.port(), datagram("too soon"));
            });
            assertThat(server.receive().text()).isEqualTo("other");
            assertThat(sessions.ended).containsExactly(CloseReason.ERROR);
            assertThat(sessions.held.held()).isZero();
            assertThat(sessions.dropped(DatagramDrop.FORBIDDEN)).isEqualTo(1);
            log.expectStack("planted");
        }
    }

    @Test
    void aFaultWithAnAnswerEndsItsSessionAlone() throws Exception {
        Answers other = new Answers();
        try (TestingLog log = new TestingLog();
                TestingDatagrams server = new TestingDatagrams();
                TestingSessions sessions = TestingSessions.open()) {
            client.broken = true;
            sessions.onLoop(() -> {
                send(sessions, "broken", "127.0.0.1", server.port(), datagram("ping"));
                send(sessions, "other", server.port(), datagram("ping"), other);
            });
            TestingDatagrams.Received first = server.receive();
            TestingDatagrams.Received second = server.receive();
            server.send(first.from(), "pong");
            await().until(() -> sessions.ended.equals(List.of(CloseReason.ERROR)));
            server.send(second.from(), "pong");
            await().until(() -> sessions.on(() -> other.told.equals(List.of("open", "pong"))));
            assertThat(sessions.on(() -> client.told)).containsExactly("open", "leave");
            log.expectStack("planted");
        }
    }

    /** Whoever is nobody's costs neither a socket towards the destination nor one to answer from. */
    @Test
    void nothingIsOpenedForAStranger() throws Exception {
        try (TestingSessions sessions = TestingSessions.open()) {
            sessions.onLoop(() -> sessions.table.received(
                    "stranger",
                    datagram("ping"),
                    key -> TestingSessions.beginning(TestingSessions.STRANGER, "127.0.0.1", 9, client)));
            assertThat(sessions.dropped(DatagramDrop.UNAUTHENTICATED)).isEqualTo(1);
            assertThat(client.told).isEmpty();
            assertThat(sessions.opened).isEmpty();
            assertThat(sessions.sessions.live()).isZero();
        }
    }

    /** Nor does what policy forbids: it is asked with what the first datagram speaks. */
    @Test
    void nothingIsOpenedForWhatPolicyForbids() throws Exception {
        String policy = "rules: [{name: no-stun, when: {protocol: stun}, action: block, mode: enforce}]\n";
        try (TestingSessions sessions = TestingSessions.open(Map.of(), dir, policy, TestingSessions.sockets())) {
            sessions.onLoop(() -> {
                send(sessions, "stun", "127.0.0.1", 9, Unpooled.copiedBuffer(STUN));
                send(sessions, "stun", "127.0.0.1", 9, Unpooled.copiedBuffer(STUN));
            });
            assertThat(sessions.ended).containsExactly(CloseReason.REFUSED);
            assertThat(sessions.dropped(DatagramDrop.FORBIDDEN)).isEqualTo(1);
            assertThat(client.told).containsExactly("leave");
            assertThat(sessions.opened).isEmpty();
        }
    }

    @Test
    void whatWasRefusedIsAskedAgainOnceSomethingOfItsDeviceHasChanged() throws Exception {
        String policy = "rules: [{name: no-stun, when: {protocol: stun}, action: block, mode: enforce}]\n";
        try (TestingSessions sessions = TestingSessions.open(Map.of(), dir, policy, TestingSessions.sockets())) {
            sessions.onLoop(() -> send(sessions, "stun", "127.0.0.1", 9, Unpooled.copiedBuffer(STUN)));
            sessions.judges.changed("LC02");
            sessions.onLoop(() -> send(sessions, "stun", "127.0.0.1", 9, Unpooled.copiedBuffer(STUN)));
            assertThat(sessions.ended).containsExactly(CloseReason.REFUSED);
            sessions.judges.changed("LC01");
            sessions.onLoop(() -> send(sessions, "stun", "127.0.0.1", 9, Unpooled.copiedBuffer(STUN)));
            assertThat(sessions.ended).containsExactly(CloseReason.REFUSED, CloseReason.REFUSED);
        }
    }

    @Test
    void nothingIsOpenedBeyondAllThatMayLive() throws Exception {
        try (TestingDatagrams server = new TestingDatagrams();
                TestingSessions sessions = TestingSessions.open()) {
            sessions.onLoop(() -> {
                for (int i = 0; i < 6; i++) {
                    send(sessions, "session " + i, "127.0.0.1", server.port(), datagram("ping"));
                }
            });
            assertThat(sessions.opened).hasSize(4);
            assertThat(sessions.dropped(DatagramDrop.CROWDED)).isEqualTo(2);
        }
    }

    /** The host has no IPv6, and the other address of the name is asked about as the first was. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSecondAddressIsJudgedToo(boolean forbidden) throws Exception {
        String policy = forbidden ? """
                rules:
                  - {name: no-stun, when: {protocol: stun, destination: 127.0.0.1/32}, action: block, mode: enforce}
                """ : "";
        try (TestingDatagrams server = new TestingDatagrams();
                TestingSessions sessions = TestingSessions.open(
                        Map.of("pair.test", List.of("::1", "127.0.0.1")), dir, policy, SessionTableTest::onlyIpv4)) {
            sessions.onLoop(() -> {
                send(sessions, "pair", "pair.test", server.port(), Unpooled.copiedBuffer(STUN));
                sessions.table.flush();
            });
            if (forbidden) {
                assertThat(sessions.ended).containsExactly(CloseReason.REFUSED);
                assertThat(sessions.opened).isEmpty();
            } else {
                assertThat(server.receive().data()).isEqualTo(STUN);
                assertThat(sessions.ended).isEmpty();
            }
        }
    }

    @Test
    void withoutAnAddressThatCanBeReachedTheSessionFails() throws Exception {
        try (TestingSessions sessions =
                TestingSessions.open(Map.of("six.test", List.of("::1")), dir, "", SessionTableTest::onlyIpv4)) {
            sessions.onLoop(() -> send(sessions, "six", "six.test", 9, datagram("ping")));
            assertThat(sessions.ended).containsExactly(CloseReason.UPSTREAM_FAILED);
            assertThat(client.told).containsExactly("leave");
        }
    }

    /** QUIC finds the path's MTU by itself; whatever else is long is cut on the way. */
    @Test
    void onlyQuicForbidsFragments() throws Exception {
        try (TestingDatagrams server = new TestingDatagrams();
                TestingSessions sessions = TestingSessions.open()) {
            sessions.onLoop(() -> {
                send(sessions, "quic", "127.0.0.1", server.port(), Unpooled.copiedBuffer(QUIC));
                send(sessions, "stun", "127.0.0.1", server.port(), Unpooled.copiedBuffer(STUN));
            });
            assertThat(sessions.opened).extracting(socket -> socket.whole).containsExactly(true, false);
        }
    }

    private static Future<FarSocket> onlyIpv4(
            EventLoop loop, InetSocketAddress to, boolean whole, FarSocket.Receiver receiver) {
        return to.getAddress() instanceof Inet6Address
                ? loop.newFailedFuture(new ConnectException("network is unreachable"))
                : TestingSessions.sockets().connect(loop, to, whole, receiver);
    }

    private void send(TestingSessions sessions, String key, String host, int port, ByteBuf datagram) {
        sessions.table.received(
                key, datagram, same -> TestingSessions.beginning(TestingSessions.KNOWN, host, port, client));
    }

    private static void send(TestingSessions sessions, String key, int port, ByteBuf datagram, Client client) {
        sessions.table.received(
                key, datagram, same -> TestingSessions.beginning(TestingSessions.KNOWN, "127.0.0.1", port, client));
    }

    private static ByteBuf datagram(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }
}
