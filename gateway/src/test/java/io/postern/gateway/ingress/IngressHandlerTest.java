package io.postern.gateway.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.postern.config.Bind;
import io.postern.config.ListenSettings;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.identity.Identities;
import io.postern.gateway.identity.Proofs;
import io.postern.gateway.identity.Revoked;
import io.postern.gateway.identity.TagVerifier;
import io.postern.wire.http.Forwarding;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IngressHandlerTest {

    private static final long REQUEST_MILLIS = 10_000;

    private final List<ClientError> errors = new ArrayList<>();
    private final EmbeddedChannel client = new EmbeddedChannel();

    @BeforeEach
    void connect() {
        client.freezeTime();
        IngressHandler.Shared shared = new IngressHandler.Shared(
                new ListenSettings(
                        "apps",
                        ListenSettings.Ingress.HTTP_CONNECT,
                        new Bind(InetAddress.getLoopbackAddress(), 0),
                        Optional.empty(),
                        false),
                new Flows(10, Clock.systemUTC(), flow -> {}, flow -> {}),
                new Identities(
                        new Proofs(new TagVerifier("acme", List.of()), Optional.empty()),
                        Revoked.NOTHING,
                        new Identities.Terms(false, List.of()),
                        Clock.systemUTC(),
                        reason -> {}),
                new Forwarding("test"),
                new IngressEvents(errors::add, action -> {}),
                Sources.NONE,
                TimeUnit.MILLISECONDS.toNanos(REQUEST_MILLIS));
        client.pipeline().addLast(IngressHandler.of(shared));
    }

    @AfterEach
    void close() {
        client.finishAndReleaseAll();
    }

    @Test
    void aSilentClientIsClosedAtItsDeadline() {
        pass(REQUEST_MILLIS - 200);
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
        pass(2 * REQUEST_MILLIS);
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

    private void pass(long millis) {
        client.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        client.runScheduledPendingTasks();
        client.runPendingTasks();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
