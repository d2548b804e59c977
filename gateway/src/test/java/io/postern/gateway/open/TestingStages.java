package io.postern.gateway.open;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.postern.analytics.flow.AppTag;
import io.postern.config.Bind;
import io.postern.config.ListenSettings;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Refusal;
import io.postern.gateway.flows.Witness;
import io.postern.gateway.ingress.Answer;
import io.postern.gateway.ingress.Tagged;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.Transport;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One flow to {@code origin.test:443} and the stages the test is about, on a loop whose time the test moves. */
public final class TestingStages implements AutoCloseable {

    public final EmbeddedChannel client = new EmbeddedChannel();
    /** Why the flow ended; told more than once would be in here more than once. */
    public final List<CloseReason> ended = new ArrayList<>();
    /** What the client was told. */
    public final List<String> told = new ArrayList<>();

    /** Whether telling the client that its upstream is there fails. */
    public boolean mute;

    private final Tagged tagged;

    public TestingStages(ChannelHandler... stages) {
        client.freezeTime();
        client.pipeline().addLast(stages);
        Flows flows = new Flows(10, Clock.systemUTC(), new Witness() {
            @Override
            public void ended(LiveFlow flow) {
                ended.add(flow.ended().orElseThrow());
            }
        });
        InetAddress loopback = InetAddress.getLoopbackAddress();
        LiveFlow flow = flows.on(client.eventLoop())
                .open(
                        new ListenSettings(
                                "apps",
                                ListenSettings.Ingress.HTTP_CONNECT,
                                new Bind(loopback, 0),
                                Optional.empty(),
                                false),
                        Transport.TCP,
                        new InetSocketAddress(loopback, 4660),
                        AppTag.UNATTRIBUTED,
                        new Destination(HostText.of("origin.test"), 443))
                .orElseThrow();
        tagged = new Tagged(flow, new Telling(), Optional.empty());
    }

    public Tagged tagged() {
        return tagged;
    }

    public LiveFlow flow() {
        return tagged.flow();
    }

    /** Both ends are there. */
    public Opened opened(TestingSocket socket, Upstream.Listener first) {
        return new Opened(tagged, TestingSocket.upstream(socket, client, first));
    }

    /** From the client, in one read. */
    public void read(String text) {
        client.writeInbound(bytes(text));
    }

    /** One char per byte, in a buffer of its own. */
    public static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    public void pass(long millis) {
        for (long passed = 0; passed < millis; passed += 100) {
            client.advanceTimeBy(100, TimeUnit.MILLISECONDS);
            client.runScheduledPendingTasks();
        }
    }

    @Override
    public void close() {
        client.finishAndReleaseAll();
    }

    private final class Telling implements Answer {
        @Override
        public void opened(Channel channel) {
            if (mute) {
                throw new IllegalStateException("planted");
            }
            told.add("opened");
        }

        @Override
        public void refused(Channel channel, LiveFlow flow, Refusal refusal, String reason) {
            told.add(refusal.label());
        }
    }
}
