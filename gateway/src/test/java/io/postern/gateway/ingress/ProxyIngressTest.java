package io.postern.gateway.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.postern.config.ListenSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A balancer sends its header at once, so it is waited for shorter than a client's request. */
class ProxyIngressTest {

    private static final long PATIENCE_MILLIS = 3_000;

    private final List<ClientError> errors = new ArrayList<>();
    private final EmbeddedChannel client = new EmbeddedChannel() {
        @Override
        protected SocketAddress remoteAddress0() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 4660);
        }
    };

    @BeforeEach
    void connect() {
        client.freezeTime();
        client.pipeline()
                .addLast(TestingIngress.of(
                        ListenSettings.Ingress.PROXY_PROTOCOL, errors, new Sources(List.of("127.0.0.0/8"))));
    }

    @AfterEach
    void close() {
        client.finishAndReleaseAll();
    }

    @Test
    void oneThatSaysNothingIsClosedAfterThreeSeconds() {
        pass(PATIENCE_MILLIS - 200);
        assertThat(client.isOpen()).isTrue();
        pass(400);
        assertThat(client.isOpen()).isFalse();
        assertThat(errors).containsExactly(ClientError.SILENT);
    }

    @Test
    void aHeaderThatIsNotFinishedByThenIsLate() {
        client.writeInbound(Unpooled.copiedBuffer("\r\n\r\n\0\r\nQUIT\n", StandardCharsets.US_ASCII));
        pass(PATIENCE_MILLIS + 200);
        assertThat(client.isOpen()).isFalse();
        assertThat(errors).containsExactly(ClientError.SLOW);
    }

    private void pass(long millis) {
        client.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        client.runScheduledPendingTasks();
        client.runPendingTasks();
    }
}
