package io.postern.gateway.relay;

import static io.postern.gateway.open.TestingStages.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.postern.analytics.flow.Basis;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.judge.Judged;
import io.postern.gateway.open.Nobody;
import io.postern.gateway.open.TestingSocket;
import io.postern.gateway.open.TestingStages;
import io.postern.gateway.recognise.Tap;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.sniff.Sniffed;
import io.postern.wire.http.Forwarding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is relayed arrives, what cannot be is let go, and a flow ends once, whoever breaks first. */
@SuppressWarnings("NullAway.Init") // before each test
class RelayHandlerTest {

    private static final long IDLE_MILLIS = 60_000;
    private static final long HALF_CLOSED_MILLIS = 5_000;

    private final RelayMemory memory = new RelayMemory(1 << 20, () -> {});
    private final TestingStages stages = new TestingStages(new RelayHandler(
            new RelayHandler.Times(nanos(IDLE_MILLIS), nanos(HALF_CLOSED_MILLIS), nanos(IDLE_MILLIS)),
            memory,
            new Forwarding("test"),
            (ctx, request) -> request.release()));
    private final TestingSocket server = new TestingSocket();
    private final Watching tap = new Watching();
    private BytesRelay relay;
    private ChannelHandlerContext ctx;

    @BeforeEach
    void handDown() {
        stages.client.writeInbound(new Judged(new Sniffed(
                stages.opened(server, new Nobody()),
                Recognised.unknown(Basis.NO_MATCH),
                Optional.of(bytes("held by sniff")),
                Optional.of(bytes("greeting")),
                tap)));
        relay = stages.client.pipeline().get(BytesRelay.class);
        ctx = stages.client.pipeline().context(relay);
    }

    @AfterEach
    void close() {
        stages.close();
        server.finishAndReleaseAll();
        assertThat(tap.closed).isTrue();
    }

    @Test
    void whatWasHeldGoesFirstAndIsCounted() {
        assertThat(server.sent()).isEqualTo("held by sniff");
        assertThat(TestingSocket.text(stages.client)).isEqualTo("greeting");
        stages.read(", more");
        server.writeInbound(bytes("!"));
        assertThat(server.sent()).isEqualTo(", more");
        assertThat(TestingSocket.text(stages.client)).isEqualTo("!");
        assertThat(stages.flow().traffic().bytesOut()).isEqualTo("held by sniff, more".length());
        assertThat(stages.flow().traffic().bytesIn()).isEqualTo("greeting!".length());
        assertThat(tap.seen).hasToString("held by sniff|greeting|, more|!|");
    }

    @Test
    void aServerThatTakesNothingStopsItsClient() {
        server.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        server.runPendingTasks();
        assertThat(stages.client.config().isAutoRead()).isFalse();
        server.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        server.runPendingTasks();
        assertThat(stages.client.config().isAutoRead()).isTrue();
    }

    /** A write fails after the connection broke and before anybody said so. */
    @Test
    void aWriteThatFailsTowardsTheServerResetsTheFlow() {
        server.breakDown();
        ByteBuf lost = bytes("lost");
        stages.client.writeInbound(lost);
        assertThat(lost.refCnt()).isZero();
        assertThat(stages.ended).containsExactly(CloseReason.UPSTREAM_RESET);
        assertThat(stages.client.isOpen()).isFalse();
        assertThat(server.isOpen()).isFalse();
    }

    @Test
    void aWriteThatFailsTowardsTheClientResetsTheFlow() {
        stages.client.pipeline().addFirst(new Broken());
        ByteBuf lost = bytes("lost");
        server.writeInbound(lost);
        assertThat(lost.refCnt()).isZero();
        assertThat(stages.ended).containsExactly(CloseReason.CLIENT_RESET);
        assertThat(stages.client.isOpen()).isFalse();
        assertThat(server.isOpen()).isFalse();
    }

    @Test
    void whatComesAfterTheEndIsLetGo() {
        stages.flow().stop(CloseReason.BLOCKED);
        ByteBuf fromClient = bytes("late");
        ByteBuf fromServer = bytes("late");
        relay.channelRead(ctx, fromClient);
        relay.upstreamSent(fromServer);
        assertThat(fromClient.refCnt()).isZero();
        assertThat(fromServer.refCnt()).isZero();
        assertThat(stages.ended).containsExactly(CloseReason.BLOCKED);
    }

    @Test
    void oneEndAfterTheOtherClosesBothInOrder() {
        stages.client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(server.isOutputShutdown()).isTrue();
        assertThat(server.isOpen()).isTrue();
        server.writeInbound(bytes(" to the last"));
        server.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(TestingSocket.text(stages.client)).isEqualTo("greeting to the last");
        assertThat(stages.client.isOpen()).isFalse();
        assertThat(server.isOpen()).isFalse();
        assertThat(stages.ended).containsExactly(CloseReason.UPSTREAM_CLOSED);
    }

    /** Each hears of the other's end while it is ending itself. */
    @Test
    void whateverFollowsAnEndIsNotASecondOne() {
        relay.exceptionCaught(ctx, new IOException("Connection reset by peer"));
        relay.upstreamBroke(new IOException("Connection reset by peer"));
        relay.upstreamFinished();
        relay.upstreamGone();
        relay.userEventTriggered(ctx, ChannelInputShutdownEvent.INSTANCE);
        relay.channelInactive(ctx);
        stages.pass(HALF_CLOSED_MILLIS + 200);
        assertThat(stages.ended).containsExactly(CloseReason.CLIENT_RESET);
    }

    @Test
    void bytesPutOffTheIdleEnd() {
        stages.pass(IDLE_MILLIS - 1_000);
        stages.read("still here");
        stages.pass(IDLE_MILLIS - 1_000);
        assertThat(stages.ended).isEmpty();
        stages.pass(2_000);
        assertThat(stages.ended).containsExactly(CloseReason.IDLE);
    }

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Nothing that is written goes out any more. */
    private static final class Broken extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
            // A void promise tells the pipeline.
            promise.setFailure(new IOException("Broken pipe"));
        }
    }

    /** Writes down what it is shown. */
    private static final class Watching implements Tap {

        private final StringBuilder seen = new StringBuilder();
        private boolean closed;

        @Override
        public void fromClient(ByteBuffer bytes) {
            note(bytes);
        }

        @Override
        public void fromServer(ByteBuffer bytes) {
            note(bytes);
        }

        private void note(ByteBuffer bytes) {
            seen.append(StandardCharsets.ISO_8859_1.decode(bytes)).append('|');
        }

        @Override
        public boolean over() {
            return closed;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
