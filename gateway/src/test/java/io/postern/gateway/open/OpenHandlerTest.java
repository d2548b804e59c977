package io.postern.gateway.open;

import static io.postern.gateway.open.TestingStages.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.postern.config.policy.Policy;
import io.postern.dns.resolve.Answer;
import io.postern.dns.resolve.HostsTable;
import io.postern.gateway.e2e.TestingLog;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.flows.Shares;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Rules;
import io.postern.wire.ip.EgressRanges;
import io.postern.wire.ip.OwnAddresses;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What may happen while a flow is being opened, in every order. */
class OpenHandlerTest {

    private static final long DEADLINE_MILLIS = 5_000;

    private boolean broken;
    private final Meters meters = new Meters();
    private final MemoryBudget budget = new MemoryBudget(10_000, () -> {});
    private final CompletableFuture<Answer> resolved = new CompletableFuture<>();
    private final List<TestingSocket> sockets = new ArrayList<>();
    private final TestingStages stages = new TestingStages(new OpenHandler(
            new Targets(
                    new Judges(
                            new EgressRanges(List.of(), List.of(), OwnAddresses.NONE),
                            new Rules(Policy.EMPTY),
                            TestingClocks.broken(() -> broken)),
                    HostsTable.EMPTY,
                    name -> resolved,
                    new Shares<>(1),
                    () -> {},
                    meters),
            new Dialer(family -> socket(), new AdaptiveRecvByteBufAllocator(), new Shares<>(1), () -> {}),
            budget,
            TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS)));

    private TestingSocket socket() {
        TestingSocket socket = new TestingSocket();
        sockets.add(socket);
        return socket;
    }

    @BeforeEach
    void ask() {
        stages.client.writeInbound(stages.tagged());
    }

    @AfterEach
    void close() {
        stages.close();
        sockets.forEach(TestingSocket::finishAndReleaseAll);
        meters.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void whatTheClientSentEarlyFollowsTheOpeningInItsOrder() {
        stages.read("a");
        assertThat(stages.client.config().isAutoRead()).isFalse();
        resolve();
        stages.read("b");
        stages.client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(stages.told).isEmpty();
        assertThat(stages.client.<Object>readInbound()).isNull();

        sockets.get(0).connected();

        assertThat(stages.told).containsExactly("opened");
        assertThat(stages.client.<Object>readInbound()).isInstanceOf(Opened.class);
        assertThat(text()).isEqualTo("a");
        assertThat(text()).isEqualTo("b");
        assertThat(stages.client.config().isAutoRead()).isTrue();
        assertThat(stages.client.pipeline().get(OpenHandler.class)).isNull();
        assertThat(stages.ended).isEmpty();
    }

    @Test
    void aClientThatLeavesWhileItsNameIsResolvedIsDialledNowhere() {
        ByteBuf early = bytes("early");
        stages.client.writeInbound(early);
        stages.client.close();
        assertThat(stages.ended).containsExactly(CloseReason.CLIENT_CLOSED);
        assertThat(early.refCnt()).isZero();

        resolve();
        assertThat(sockets).isEmpty();
        assertThat(stages.told).isEmpty();
        assertThat(stages.ended).hasSize(1);
    }

    @Test
    void aClientThatLeavesDuringTheDialEndsIt() {
        resolve();
        assertThat(sockets.get(0).connecting()).isTrue();
        ByteBuf early = bytes("early");
        stages.client.writeInbound(early);
        stages.client.close();
        assertThat(sockets.get(0).isOpen()).isFalse();
        assertThat(early.refCnt()).isZero();

        sockets.get(0).connected();
        assertThat(stages.told).isEmpty();
        assertThat(stages.ended).containsExactly(CloseReason.CLIENT_CLOSED);
    }

    @Test
    void aConnectionThatComesAfterTheDeadlineIsNobodys() {
        resolve();
        stages.pass(DEADLINE_MILLIS + 200);
        assertThat(stages.told).containsExactly("connection-timeout");
        sockets.get(0).connected();
        assertThat(sockets.get(0).isOpen()).isFalse();
        assertThat(stages.told).hasSize(1);
        assertThat(stages.ended).containsExactly(CloseReason.UPSTREAM_FAILED);
    }

    @Test
    void anAnswerThatComesAfterTheDeadlineIsNobodys() {
        stages.pass(DEADLINE_MILLIS + 200);
        resolve();
        assertThat(sockets).isEmpty();
        assertThat(stages.told).containsExactly("resolver-timeout");
        assertThat(stages.ended).containsExactly(CloseReason.UNRESOLVED);
    }

    /** Or whoever is refused in the middle of an upload would never be read to its end, and its bytes be kept. */
    @Test
    void whatComesAfterARefusalIsReadAndDropped() {
        resolved.complete(new Answer.NoSuchName());
        stages.client.runPendingTasks();
        assertThat(stages.told).containsExactly("no-such-name");
        ByteBuf late = bytes("late");
        stages.client.writeInbound(late);
        assertThat(late.refCnt()).isZero();
        assertThat(stages.client.config().isAutoRead()).isTrue();
    }

    @Test
    void whatCannotBeHeldForWantOfRoomEndsTheFlow() {
        assertThat(budget.take(9_999)).isTrue();
        ByteBuf early = bytes("early");
        stages.client.writeInbound(early);
        budget.giveBack(9_999);
        assertThat(stages.told).containsExactly("overload");
        assertThat(early.refCnt()).isZero();
        assertThat(stages.ended).containsExactly(CloseReason.LIMIT);
    }

    @Test
    void whatEndsAFlowFromOutsideEndsItOnce() {
        resolve();
        stages.flow().stop(CloseReason.BLOCKED);
        stages.flow().stop(CloseReason.DRAIN);
        stages.client.close();
        assertThat(sockets.get(0).isOpen()).isFalse();
        assertThat(stages.told).containsExactly("denied");
        assertThat(stages.ended).containsExactly(CloseReason.REFUSED);
    }

    /** What comes back from resolving comes back to nobody who would hear of an exception. */
    @Test
    void aFaultWhileAddressesAreJudgedEndsTheFlowAtOnce() {
        try (TestingLog log = new TestingLog()) {
            broken = true;
            resolve();
            assertThat(stages.told).containsExactly("error");
            assertThat(stages.ended).containsExactly(CloseReason.ERROR);
            log.expectStack("planted");
        }
    }

    @Test
    void aFaultWhileTheClientIsToldLeavesNoConnectionBehind() {
        try (TestingLog log = new TestingLog()) {
            stages.mute = true;
            resolve();
            ByteBuf early = bytes("early");
            stages.client.writeInbound(early);
            sockets.get(0).connected();
            assertThat(sockets.get(0).isOpen()).isFalse();
            assertThat(stages.client.isOpen()).isFalse();
            assertThat(early.refCnt()).isZero();
            assertThat(stages.told).isEmpty();
            assertThat(stages.ended).containsExactly(CloseReason.ERROR);
            log.expectStack("planted");
        }
    }

    @Test
    void aFaultAtADeadlineEndsTheFlow() {
        try (TestingLog log = new TestingLog()) {
            resolve();
            stages.flow().within(0, () -> {
                throw new IllegalStateException("planted");
            });
            stages.pass(200);
            assertThat(stages.told).containsExactly("error");
            assertThat(stages.ended).containsExactly(CloseReason.ERROR);
            assertThat(sockets.get(0).isOpen()).isFalse();
            log.expectStack("planted");
        }
    }

    /** An address that may be dialled by default. */
    private void resolve() {
        resolved.complete(new Answer.Addresses(List.of(address()), Duration.ofMinutes(1)));
        stages.client.runPendingTasks();
    }

    private static InetAddress address() {
        try {
            return InetAddress.getByAddress(new byte[] {8, 8, 8, 8});
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private String text() {
        ByteBuf bytes = stages.client.readInbound();
        String text = bytes.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
        bytes.release();
        return text;
    }
}
