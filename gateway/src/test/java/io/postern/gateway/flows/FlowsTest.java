package io.postern.gateway.flows;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.postern.analytics.flow.AppTag;
import io.postern.config.Bind;
import io.postern.config.ListenSettings;
import io.postern.gateway.e2e.TestingLog;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.Transport;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FlowsTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Flows flows = new Flows(10, Clock.systemUTC(), new Witness() {});

    /** Or the first flow that cannot be judged would keep all others of its loop under the old policy. */
    @Test
    void aFaultWithOneFlowEndsThatAndTheOthersAreLookedAt() {
        LiveFlow first = open();
        LiveFlow second = open();
        List<LiveFlow> seen = new ArrayList<>();
        try (TestingLog log = new TestingLog()) {
            flows.each(flow -> {
                seen.add(flow);
                if (flow == first) {
                    throw new IllegalStateException("planted");
                }
            });
            channel.runPendingTasks();

            log.expectStack("planted");
        }
        assertThat(seen).containsExactly(first, second);
        assertThat(first.ended()).contains(CloseReason.ERROR);
        assertThat(second.live()).isTrue();
        assertThat(flows.live()).isOne();
    }

    /** What ends flows stops the bytes of all of them first, and then begins with those that have most under way. */
    @Test
    void theSecondLookComesAfterTheFirstOfAllAndBeginsWithWhoMovedLast() {
        Flows many = new Flows(10_000, Clock.systemUTC(), new Witness() {});
        LiveFlow spared = open(many);
        LiveFlow idle = open(many);
        LiveFlow busy = open(many);
        for (int i = 0; i < 1_000; i++) {
            open(many);
        }
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        busy.traffic().movedOut(1);
        List<LiveFlow> looked = new ArrayList<>();
        List<LiveFlow> again = new ArrayList<>();
        many.each(
                flow -> {
                    looked.add(flow);
                    return flow == idle || flow == busy;
                },
                flow -> {
                    assertThat(looked).hasSize(1_003);
                    again.add(flow);
                });
        channel.runPendingTasks();

        assertThat(again).containsExactly(busy, idle).doesNotContain(spared);
    }

    /** Bytes that have come meanwhile must not wait until all flows of their loop have been looked at. */
    @Test
    void whatIsGatheredLetsOthersInBetween() {
        Flows many = new Flows(10_000, Clock.systemUTC(), new Witness() {});
        for (int i = 0; i < 2_000; i++) {
            open(many);
        }
        List<LiveFlow> seen = new ArrayList<>();
        List<Integer> between = new ArrayList<>();
        CompletableFuture<List<Integer>> found = many.gather(() -> new Flows.Look<>() {
            @Override
            public void at(LiveFlow flow) {
                seen.add(flow);
            }

            @Override
            public Integer found() {
                return seen.size();
            }
        });
        channel.eventLoop().execute(() -> between.add(seen.size()));
        channel.runPendingTasks();

        assertThat(between).singleElement().satisfies(soFar -> assertThat(soFar).isBetween(1, 1_000));
        assertThat(found).isCompletedWithValue(List.of(2_000));
    }

    /** The hourly line takes the exchanges, and with them how many of those were told. */
    @Test
    void whatDetectionHasHeardOfItHasHeardOfAfterTheHourlyLineToo() {
        LiveFlow flow = open();
        assertThat(flow.reported().heard()).isFalse();
        flow.traffic().exchanges().up(100, 0);
        flow.traffic().exchanges().down(100, 10);
        flow.reported().told(1);
        flow.traffic().exchanges().take();

        assertThat(flow.traffic().exchanges().told()).isZero();
        assertThat(flow.reported().heard()).isTrue();
    }

    @Test
    void whoGathersLearnsOfAFault() {
        open();
        CompletableFuture<List<Integer>> found = flows.gather(() -> new Flows.Look<>() {
            @Override
            public void at(LiveFlow flow) {
                throw new IllegalStateException("planted");
            }

            @Override
            public Integer found() {
                return 0;
            }
        });
        channel.runPendingTasks();

        assertThat(found).isCompletedExceptionally();
    }

    private LiveFlow open() {
        return open(flows);
    }

    private LiveFlow open(Flows flows) {
        return flows.on(channel.eventLoop())
                .open(
                        new ListenSettings(
                                "apps",
                                ListenSettings.Ingress.HTTP_CONNECT,
                                new Bind(LOOPBACK, 0),
                                Optional.empty(),
                                false),
                        Transport.TCP,
                        new InetSocketAddress(LOOPBACK, 4660),
                        AppTag.UNATTRIBUTED,
                        new Destination(HostText.of("origin.test"), 443))
                .orElseThrow();
    }
}
