package io.postern.gateway.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.postern.config.ListenSettings;
import io.postern.gateway.flows.MemoryBudget;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IngressHandlerTest {

    private final List<ClientError> errors = new ArrayList<>();
    private final EmbeddedChannel client = new EmbeddedChannel();

    @BeforeEach
    void connect() {
        client.freezeTime();
        client.pipeline().addLast(TestingIngress.of(ListenSettings.Ingress.HTTP_CONNECT, errors, Sources.NONE));
    }

    @AfterEach
    void close() {
        client.finishAndReleaseAll();
    }

    @Test
    void aSilentClientIsClosedAtItsDeadline() {
        pass(TestingIngress.REQUEST_MILLIS - 200);
        assertThat(client.isOpen()).isTrue();
        pass(400);
        assertThat(client.isOpen()).isFalse();
        assertThat(errors).containsExactly(ClientError.SILENT);
    }

    /** Each byte is progress and none moves the deadline. */
    @Test
    void aSlowClientIsClosedAtTheSameDeadline() {
        for (int i = 0; i < 98; i++) {
            client.writeInbound(bytes("X"));
            pass(100);
        }
        assertThat(client.isOpen()).isTrue();
        pass(400);
        assertThat(client.isOpen()).isFalse();
        assertThat(errors).containsExactly(ClientError.SLOW);
    }

    @Test
    void aClientThatIsAnsweredIsNotAlsoSlow() {
        client.writeInbound(bytes("nonsense\r\n\r\n"));
        ByteBuf answer = client.readOutbound();
        assertThat(answer.toString(StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 400 Bad Request\r\n");
        answer.release();
        pass(2 * TestingIngress.REQUEST_MILLIS);
        assertThat(client.isOpen()).isFalse();
        assertThat(errors).containsExactly(ClientError.MALFORMED);
    }

    @Test
    void howAClientBreaksIsCountedOnce() {
        SSLException cause = new SSLException("not TLS");
        client.pipeline().fireUserEventTriggered(new SslHandshakeCompletionEvent(cause));
        client.pipeline().fireExceptionCaught(new DecoderException(cause));
        assertThat(client.isOpen()).isFalse();
        assertThat(errors).containsExactly(ClientError.TLS);
    }

    @Test
    void aClientThatLeavesBeforeItSaidAnythingIsNoError() {
        client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        client.runPendingTasks();
        assertThat(client.isOpen()).isFalse();
        assertThat(errors).isEmpty();
    }

    @Test
    void aClientThatLeavesInTheMiddleIsOne() {
        client.writeInbound(bytes("GET http://"));
        client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        client.runPendingTasks();
        assertThat(client.isOpen()).isFalse();
        assertThat(errors).containsExactly(ClientError.RESET);
    }

    @Test
    void aClientThatHasBeenServedMayLeaveItAtThat() {
        EmbeddedChannel served = new EmbeddedChannel();
        served.freezeTime();
        served.pipeline()
                .addLast(IngressHandler.again(TestingIngress.shared(
                        ListenSettings.Ingress.HTTP_CONNECT, errors, Sources.NONE, new MemoryBudget(1, () -> {}))));
        served.advanceTimeBy(TestingIngress.REQUEST_MILLIS + 200, TimeUnit.MILLISECONDS);
        served.runScheduledPendingTasks();
        assertThat(served.isOpen()).isFalse();
        assertThat(errors).isEmpty();
    }

    /** What it was answered last may take longer to arrive than a request may take: it is waited for while it does. */
    @Test
    void aServedClientThatStillTakesItsAnswerIsNotCutOff() {
        EmbeddedChannel served = new EmbeddedChannel();
        served.freezeTime();
        served.pipeline()
                .addLast(IngressHandler.again(TestingIngress.shared(
                        ListenSettings.Ingress.HTTP_CONNECT, errors, Sources.NONE, new MemoryBudget(1, () -> {}))));
        served.write(bytes("the last of an answer"));
        served.runPendingTasks();
        wait(served);
        assertThat(served.isOpen()).isTrue();
        served.flush();
        wait(served);
        assertThat(served.isOpen()).isFalse();
        assertThat(served.<ByteBuf>readOutbound().toString(StandardCharsets.US_ASCII))
                .isEqualTo("the last of an answer");
    }

    private static void wait(EmbeddedChannel channel) {
        channel.advanceTimeBy(TestingIngress.REQUEST_MILLIS + 200, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    /** What is not whole is held, by all clients together only so much, and given back when it is whole or gone. */
    @Test
    void requestsThatAreNotWholeShareOneBudget() {
        List<String> exhausted = new ArrayList<>();
        MemoryBudget budget = new MemoryBudget(600, () -> exhausted.add("exhausted"));
        IngressHandler.Shared shared =
                TestingIngress.shared(ListenSettings.Ingress.HTTP_CONNECT, errors, Sources.NONE, budget);
        EmbeddedChannel first = new EmbeddedChannel(IngressHandler.of(shared));
        EmbeddedChannel second = new EmbeddedChannel(IngressHandler.of(shared));
        first.writeInbound(bytes("GET http://" + "a".repeat(400)));
        assertThat(budget.held()).isGreaterThanOrEqualTo(400);
        second.writeInbound(bytes("GET http://" + "b".repeat(400)));
        ByteBuf answer = second.readOutbound();
        assertThat(answer.toString(StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 503 ");
        answer.release();
        assertThat(errors).containsExactly(ClientError.CROWDED);
        assertThat(exhausted).hasSize(1);
        first.close();
        assertThat(budget.held()).isZero();
        // A request that comes whole needs no room.
        EmbeddedChannel third = new EmbeddedChannel(IngressHandler.of(shared));
        third.writeInbound(bytes("GET http://" + "c".repeat(900) + " HTTP/1.1\r\nHost: c\r\n\r\n"));
        assertThat(errors).doesNotContain(ClientError.SLOW).hasSize(2);
        assertThat(exhausted).hasSize(1);
        assertThat(budget.held()).isZero();
        first.finishAndReleaseAll();
        second.finishAndReleaseAll();
        third.finishAndReleaseAll();
    }

    private void pass(long millis) {
        client.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        client.runScheduledPendingTasks();
        client.runPendingTasks();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
