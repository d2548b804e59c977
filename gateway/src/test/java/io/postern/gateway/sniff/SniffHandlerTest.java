package io.postern.gateway.sniff;

import static io.postern.gateway.open.TestingStages.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.postern.analytics.Verdict;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.open.TestingSocket;
import io.postern.gateway.open.TestingStages;
import io.postern.gateway.recognise.Sniffers;
import io.postern.gateway.recognise.Taps;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.rules.Decision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bytes are held, passed on once and never lost while a flow is watched, whatever happens meanwhile. */
class SniffHandlerTest {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: origin.test\r\n\r\n";
    private static final long PATIENCE_MILLIS = 500;
    private static final long DEADLINE_MILLIS = 3_000;
    private static final long SILENCE_MILLIS = 60_000;

    private final MemoryBudget budget = new MemoryBudget(100_000, () -> {});
    private final SniffHandler sniff = new SniffHandler(
            new Sniffers(1024, 1024),
            new Taps(1024, budget, fault -> {}, Runnable::run),
            budget,
            new SniffHandler.Times(nanos(SILENCE_MILLIS), nanos(PATIENCE_MILLIS), nanos(DEADLINE_MILLIS)));
    private final TestingStages stages = new TestingStages(sniff);
    private final TestingSocket server = new TestingSocket();

    @BeforeEach
    void open() {
        stages.client.writeInbound(stages.opened(server, sniff));
    }

    @AfterEach
    void close() {
        stages.close();
        server.finishAndReleaseAll();
        assertThat(budget.held()).isZero();
    }

    @Test
    void whatIsSentByteByByteIsHandedDownWhole() {
        int sent = 0;
        while (stages.client.inboundMessages().isEmpty()) {
            stages.read(REQUEST.substring(sent, sent + 1));
            sent++;
        }
        assertThat(server.sent()).isEmpty();
        Sniffed sniffed = sniffed(Protocol.HTTP, Basis.BYTES);
        assertThat(fromClient(sniffed)).isEqualTo(REQUEST.substring(0, sent));
        assertThat(stages.client.pipeline().get(SniffHandler.class)).isNull();
        sniffed.release();
    }

    /** A client that pauses is given on; what follows is watched and not sent a second time. */
    @Test
    void whatHasGoneOutUndecidedIsNotHandedDownAgain() {
        stages.read(REQUEST.substring(0, 3));
        assertThat(server.sent()).isEmpty();
        stages.pass(PATIENCE_MILLIS + 200);
        assertThat(server.sent()).isEqualTo("GET");
        stages.read(REQUEST.substring(3, 5));
        assertThat(server.sent()).isEqualTo(" /");
        stages.read(REQUEST.substring(5));
        Sniffed sniffed = sniffed(Protocol.HTTP, Basis.BYTES);
        assertThat(server.sent() + fromClient(sniffed)).isEqualTo(REQUEST.substring(5));
        assertThat(stages.flow().traffic().bytesOut()).isEqualTo(5);
        sniffed.release();
    }

    @Test
    void aClientThatNeverDecidesIsUnknownInTheEnd() {
        stages.read("GET");
        stages.pass(DEADLINE_MILLIS - 200);
        assertThat(stages.client.inboundMessages()).isEmpty();
        stages.pass(400);
        sniffed(Protocol.UNKNOWN, Basis.TIMEOUT).release();
    }

    /** It is what decides, so it is judged before its client sees it. */
    @Test
    void aGreetingThatDecidesIsHandedDownUnsent() {
        server.writeInbound(bytes("SSH-2.0-x\r\n"));
        assertThat(TestingSocket.text(stages.client)).isEmpty();
        Sniffed sniffed = sniffed(Protocol.SSH, Basis.BYTES);
        assertThat(sniffed.fromServer().orElseThrow().toString(StandardCharsets.ISO_8859_1))
                .isEqualTo("SSH-2.0-x\r\n");
        sniffed.release();
    }

    @Test
    void aClientThatLeavesTakesWhatWasHeldWithIt() {
        ByteBuf held = bytes("GET");
        stages.client.writeInbound(held);
        assertThat(held.refCnt()).isOne();
        stages.client.close();
        assertThat(held.refCnt()).isZero();
        assertThat(server.isOpen()).isFalse();
        assertThat(stages.ended).containsExactly(CloseReason.CLIENT_CLOSED);
    }

    @Test
    void aBrokenServerAndThenALeavingClientEndTheFlowOnce() {
        stages.read("GET");
        server.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        server.close();
        stages.client.close();
        ByteBuf late = bytes("late");
        sniff.upstreamSent(late);
        assertThat(late.refCnt()).isZero();
        assertThat(stages.ended).containsExactly(CloseReason.UPSTREAM_RESET);
    }

    @Test
    void aClientThatFinishesUndecidedIsHandedDownWithAllItSaid() {
        stages.read("GET");
        stages.client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        Sniffed sniffed = sniffed(Protocol.UNKNOWN, Basis.END);
        assertThat(fromClient(sniffed)).isEqualTo("GET");
        sniffed.release();
    }

    /** Or a server could end all watching by finishing at once. */
    @Test
    void aClientIsWatchedOnAfterItsServerFinished() {
        stages.read("GET");
        server.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(stages.client.inboundMessages()).isEmpty();
        stages.read(REQUEST.substring(3));
        Sniffed sniffed = sniffed(Protocol.HTTP, Basis.BYTES);
        assertThat(fromClient(sniffed)).isEqualTo(REQUEST);
        assertThat(sniffed.opened().upstream().finished()).isTrue();
        sniffed.release();
    }

    @Test
    void aClientThatNeverDecidesAfterItsServerFinishedIsUnknownInTheEnd() {
        server.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        stages.read("GET");
        stages.pass(DEADLINE_MILLIS + 200);
        sniffed(Protocol.UNKNOWN, Basis.TIMEOUT).release();
    }

    @Test
    void aServerThatFinishesBeforeAnybodySpokeIsNotWaitedForForEver() {
        server.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        stages.pass(SILENCE_MILLIS + 200);
        assertThat(stages.ended).containsExactly(CloseReason.IDLE);
    }

    /** Its end, after ours to it, is that of the whole connection. */
    @Test
    void whatAClientSaidLastIsHandedDownAfterItsServerFinished() {
        server.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        stages.read("GET");
        stages.client.close();
        Sniffed sniffed = sniffed(Protocol.UNKNOWN, Basis.END);
        assertThat(fromClient(sniffed)).isEqualTo("GET");
        sniffed.release();
    }

    /** Whatever throws further down, and whoever swallows it: nothing is left without an end. */
    @Test
    void aFlowThatNobodyTakesOverEnds() {
        stages.client.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ((Sniffed) message).release();
            }
        });
        stages.read(REQUEST);
        stages.pass(DEADLINE_MILLIS + 200);
        assertThat(stages.ended).containsExactly(CloseReason.ERROR);
        assertThat(stages.client.isOpen()).isFalse();
        assertThat(server.isOpen()).isFalse();
    }

    /** What cannot be held because others hold too much goes on as unknown. */
    @Test
    void aFlowThatFindsNoRoomIsUnknown() {
        assertThat(budget.take(99_999)).isTrue();
        stages.read("GET");
        sniffed(Protocol.UNKNOWN, Basis.LIMIT).release();
        budget.giveBack(99_999);
    }

    @Test
    void aSlowClientHoldsItsServerBack() {
        stages.client.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        stages.client.runPendingTasks();
        assertThat(server.config().isAutoRead()).isFalse();
        stages.client.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        stages.client.runPendingTasks();
        assertThat(server.config().isAutoRead()).isTrue();
    }

    @Test
    void aTunnelNobodyUsesEnds() {
        stages.pass(SILENCE_MILLIS + 200);
        assertThat(stages.client.isOpen()).isFalse();
        assertThat(server.isOpen()).isFalse();
        assertThat(stages.ended).containsExactly(CloseReason.IDLE);
    }

    @Test
    void whatIsThrottledIsReadNoFurtherUntilItIsPaidFor() {
        stages.flow()
                .decided(new Decision(new Verdict(Verdict.Action.THROTTLE, "slowly"), List.of(), Optional.empty(), 2));
        stages.read("GET");
        stages.pass(PATIENCE_MILLIS + 200);
        assertThat(server.sent()).isEqualTo("GET");
        assertThat(stages.client.config().isAutoRead()).isFalse();
        stages.pass(800);
        assertThat(stages.client.config().isAutoRead()).isTrue();
    }

    @Test
    void nothingOfACondemnedFlowIsPassedOn() {
        stages.read("GET");
        stages.flow().condemn();
        stages.pass(PATIENCE_MILLIS + 200);
        server.writeInbound(bytes("x"));
        assertThat(server.sent()).isEmpty();
        assertThat(TestingSocket.text(stages.client)).isEmpty();
    }

    private Sniffed sniffed(Protocol protocol, Basis basis) {
        Sniffed sniffed = stages.client.readInbound();
        assertThat(sniffed.recognised().protocol()).isEqualTo(protocol);
        assertThat(sniffed.recognised().basis()).isEqualTo(basis);
        return sniffed;
    }

    private static String fromClient(Sniffed sniffed) {
        return sniffed.fromClient().orElseThrow().toString(StandardCharsets.ISO_8859_1);
    }

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
