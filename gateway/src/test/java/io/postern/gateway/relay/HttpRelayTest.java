package io.postern.gateway.relay;

import static io.postern.gateway.open.TestingStages.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.postern.analytics.Verdict;
import io.postern.analytics.flow.Basis;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.ingress.PlainRequest;
import io.postern.gateway.ingress.Tagged;
import io.postern.gateway.judge.Judged;
import io.postern.gateway.open.Nobody;
import io.postern.gateway.open.Opened;
import io.postern.gateway.open.TestingSocket;
import io.postern.gateway.open.TestingStages;
import io.postern.gateway.recognise.Tap;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.sniff.Sniffed;
import io.postern.wire.Parse;
import io.postern.wire.http.Forwarding;
import io.postern.wire.http.HttpLimits;
import io.postern.wire.http.RequestForward;
import io.postern.wire.http.RequestHead;
import io.postern.wire.http.RequestHeadParser;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What has been read of a response arrives, however its client ends and however slowly it takes it. */
class HttpRelayTest {

    private static final String REQUEST = "GET http://origin.test/ HTTP/1.1\r\nHost: origin.test\r\n\r\n";
    private static final long HALF_CLOSED_MILLIS = 5_000;
    private static final long SLOW_MILLIS = 10_000;
    /** Bytes a second. */
    private static final int RATE = 1_024;

    private final Forwarding forwarding = new Forwarding("test");
    private final TestingStages stages = new TestingStages(new RelayHandler(
            new RelayHandler.Times(nanos(60_000), nanos(HALF_CLOSED_MILLIS), nanos(SLOW_MILLIS)),
            new RelayMemory(1 << 20, () -> {}),
            forwarding,
            (ctx, request) -> request.release()));
    private final TestingSocket server = new TestingSocket();
    private final Slow slow = new Slow();

    @BeforeEach
    void ask() {
        stages.client.pipeline().addFirst(slow);
        Tagged tagged = new Tagged(stages.flow(), stages.tagged().answer(), Optional.of(plain()));
        stages.client.writeInbound(new Judged(new Sniffed(
                new Opened(tagged, TestingSocket.upstream(server, stages.client, new Nobody())),
                Recognised.unknown(Basis.NO_MATCH),
                Optional.empty(),
                Optional.empty(),
                Tap.NONE)));
        assertThat(TestingSocket.text(server)).startsWith("GET / HTTP/1.1\r\n");
        server.writeInbound(bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
    }

    @AfterEach
    void close() {
        stages.close();
        server.finishAndReleaseAll();
    }

    @Test
    void aClientThatEndsBetweenRequestsHasItsLastResponseFirst() {
        stages.client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        stages.client.runPendingTasks();
        assertThat(stages.client.isOpen()).isTrue();
        slow.takes();
        assertThat(TestingSocket.text(stages.client)).endsWith("\r\n\r\nhello");
        assertThat(stages.client.isOpen()).isFalse();
        assertThat(stages.ended).containsExactly(CloseReason.CLIENT_CLOSED);
    }

    /** One that takes nothing more is not waited for. */
    @Test
    void aClientThatStopsTakingIsCut() {
        stages.client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        stages.pass(2 * HALF_CLOSED_MILLIS + 400);
        assertThat(stages.client.isOpen()).isFalse();
        assertThat(stages.ended).containsExactly(CloseReason.CLIENT_CLOSED);
    }

    /** Its next request is under way, and no more of it is read: that is not the client's slowness. */
    @Test
    void aClientThatAThrottleKeepsFromBeingHeardIsNotSlow() {
        slow.takes();
        stages.client.writeInbound(bytes(REQUEST.substring(0, 20)));
        stages.flow()
                .decided(new Decision(
                        new Verdict(Verdict.Action.THROTTLE, "slowly"), List.of(), Optional.empty(), RATE));
        // Owes it for a minute beyond what may be owed at once.
        stages.flow().traffic().movedOut(100L * RATE);
        assertThat(stages.flow().traffic().heldOut()).isTrue();
        stages.pass(4 * SLOW_MILLIS);
        assertThat(stages.flow().traffic().heldOut()).isTrue();
        assertThat(stages.ended).isEmpty();
        assertThat(stages.client.isOpen()).isTrue();

        // Paid for, and silent for as long as anybody may be.
        stages.flow().decided(Decision.ALLOW);
        stages.pass(SLOW_MILLIS - 2_000);
        assertThat(stages.ended).isEmpty();
        stages.pass(4_000);
        assertThat(stages.ended).containsExactly(CloseReason.CLIENT_ERROR);
    }

    /** The same without a throttle. */
    @Test
    void aClientThatDoesNotFinishItsNextRequestIsSlow() {
        slow.takes();
        stages.client.writeInbound(bytes(REQUEST.substring(0, 20)));
        stages.pass(SLOW_MILLIS + 1_000);
        assertThat(stages.ended).containsExactly(CloseReason.CLIENT_ERROR);
    }

    private PlainRequest plain() {
        Parse<RequestHead> parse = new RequestHeadParser(HttpLimits.DEFAULTS)
                .parse(ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.US_ASCII)));
        RequestHead head = ((Parse.Done<RequestHead>) parse).value();
        return new PlainRequest(head, (RequestForward.Ready) forwarding.request(head));
    }

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** A client that takes nothing until it is told to. */
    private static final class Slow extends ChannelOutboundHandlerAdapter {
        private boolean taking;
        private Runnable flush = () -> {};

        @Override
        public void flush(ChannelHandlerContext ctx) {
            flush = ctx::flush;
            if (taking) {
                ctx.flush();
            }
        }

        void takes() {
            taking = true;
            flush.run();
        }
    }
}
