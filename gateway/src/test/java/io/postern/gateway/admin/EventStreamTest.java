package io.postern.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import io.postern.config.ListenSettings.Ingress;
import io.postern.gateway.http.Refused;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.records.FlowRecordBuilder;
import io.postern.gateway.records.OcsfFlow;
import io.postern.gateway.records.Origin;
import io.postern.gateway.records.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {

    private final FlowFeed feed = new FlowFeed(16, 35);
    private final LongAdder dropped = new LongAdder();
    private final AtomicInteger left = new AtomicInteger();
    private final EmbeddedChannel client = new EmbeddedChannel(new ChannelInboundHandlerAdapter());

    @AfterEach
    void close() {
        client.finishAndReleaseAll();
    }

    @Test
    void tellsWhatHappensAndNothingElse() throws Exception {
        end("before");
        EventStream stream = begin(feed.next(), Map.of("app", "-"));
        end("f1");
        stream.pump();

        assertThat(sent())
                .startsWith(":\n\nid: z-1\nevent: close\ndata: {\"metadata\":")
                .contains("\"uid\":\"f1\"")
                .endsWith("}\n\n")
                .doesNotContain("before");
    }

    @Test
    void aSlowReaderIsToldHowMuchItMissed() throws Exception {
        EventStream stream = begin(0, Map.of());
        assertThat(sent()).isEqualTo(":\n\n");
        writable(false);
        for (int i = 0; i < 40; i++) {
            end("f" + i);
            stream.pump();
        }
        assertThat(sent()).as("nothing is queued for it").isEmpty();
        writable(true);

        assertThat(sent())
                .startsWith("event: dropped\ndata: {\"events\":24}\n\nid: z-24\n")
                .contains("\"uid\":\"f39\"");
        assertThat(dropped.sum()).isEqualTo(24);
        assertThat(left.get()).isZero();
    }

    @Test
    void aReaderThatTakesNothingIsCutOff() throws Exception {
        begin(0, Map.of());
        client.advanceTimeBy(10, TimeUnit.MINUTES);
        client.runScheduledPendingTasks();
        assertThat(client.isActive()).as("one that reads stays").isTrue();
        assertThat(sent()).endsWith(":\n\n");
        writable(false);
        client.advanceTimeBy(2, TimeUnit.MINUTES);
        client.runScheduledPendingTasks();

        assertThat(client.isActive()).isFalse();
        assertThat(left.get()).isEqualTo(1);
    }

    @Test
    void aBeginningIsToldOnlyWhereSomebodyWatches() {
        feed.opened(() -> {
            throw new IllegalStateException("nobody watches");
        });
        AtomicInteger woken = new AtomicInteger();
        feed.watch(Optional.of(woken::incrementAndGet));
        feed.opened(() -> flow("f").living(Instant.EPOCH));

        assertThat(woken.get()).isEqualTo(1);
        assertThat(feed.at(0).orElseThrow().kind()).isEqualTo(FlowFeed.Kind.OPEN);
    }

    private EventStream begin(long from, Map<String, String> query) throws Refused {
        EventStream stream = new EventStream(
                new FlowEvents(feed, new OcsfFlow("0"), FlowQuery.of(query, feed.run())),
                from,
                dropped,
                gone -> left.incrementAndGet());
        stream.begin(client.pipeline().firstContext(), "r");
        HttpResponse head = client.readOutbound();
        assertThat(head.headers().get("content-type")).isEqualTo("text/event-stream");
        assertThat(head.headers().get("cache-control")).isEqualTo("no-store");
        return stream;
    }

    private void writable(boolean is) {
        client.unsafe().outboundBuffer().setUserDefinedWritability(1, is);
        client.runPendingTasks();
    }

    private String sent() {
        StringBuilder text = new StringBuilder();
        for (Object message = client.readOutbound(); message != null; message = client.readOutbound()) {
            ByteBuf content = ((HttpContent) message).content();
            text.append(content.toString(StandardCharsets.US_ASCII));
            ReferenceCountUtil.release(message);
        }
        return text.toString();
    }

    private void end(String uid) {
        feed.closed(flow(uid).ended(CloseReason.DRAIN, Instant.EPOCH.plus(Duration.ofSeconds(1))));
    }

    private static FlowRecordBuilder flow(String uid) {
        return FlowRecord.builder(
                uid,
                Origin.listener(Ingress.HTTP_CONNECT, "apps"),
                Transport.TCP,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                Instant.EPOCH);
    }
}
