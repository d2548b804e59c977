package io.postern.gateway.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.postern.gateway.flows.Refusal;
import io.postern.gateway.flows.Shares;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A destination that does not answer holds so many flows and no more. */
class DialerTest {

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final List<TestingSocket> sockets = new ArrayList<>();
    private final List<String> crowded = new ArrayList<>();
    private final List<Refusal> told = new ArrayList<>();
    private final Dialer dialer = new Dialer(
            family -> {
                TestingSocket socket = new TestingSocket();
                sockets.add(socket);
                return socket;
            },
            new AdaptiveRecvByteBufAllocator(),
            new Shares<>(2),
            () -> crowded.add("crowded"));

    @AfterEach
    void close() {
        sockets.forEach(EmbeddedChannel::finishAndReleaseAll);
        loop.finishAndReleaseAll();
    }

    @Test
    void oneAddressIsTriedBySoManyAtATime() {
        Dialer.Attempt first = dial(1);
        dial(1);
        dial(1);
        assertThat(told).containsExactly(Refusal.OVERLOAD);
        assertThat(crowded).hasSize(1);
        assertThat(sockets).hasSize(2);
        dial(2);
        assertThat(sockets).hasSize(3);
        // However often it is told that nobody waits, its place is given back once.
        first.abandon();
        first.abandon();
        dial(1);
        dial(1);
        assertThat(told).containsExactly(Refusal.OVERLOAD, Refusal.OVERLOAD);
        assertThat(sockets).hasSize(4);
    }

    private Dialer.Attempt dial(int port) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return dialer.dial(loop.eventLoop(), List.of(address), new Nobody(), new Dialer.Outcome() {
            @Override
            public void reached(Upstream upstream, InetSocketAddress reached) {}

            @Override
            public void failed(Refusal why) {
                told.add(why);
            }
        });
    }
}
