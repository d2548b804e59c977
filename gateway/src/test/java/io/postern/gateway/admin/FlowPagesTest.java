package io.postern.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.Connections;
import io.postern.gateway.http.Reply;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.records.OcsfFlow;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class FlowPagesTest {

    private final List<CompletableFuture<List<FlowRecord>>> asked = new ArrayList<>();
    private final FlowFeed feed = new FlowFeed(16, 35);
    private final OcsfFlow ocsf = new OcsfFlow("0");
    private final FlowPages pages = new FlowPages(
            feed,
            (filter, before, limit) -> {
                CompletableFuture<List<FlowRecord>> answer = new CompletableFuture<>();
                asked.add(answer);
                return answer;
            },
            new EventStreams(1, new Connections(1, Duration.ofMinutes(1)), new LongAdder()),
            ocsf);

    /** A listing of live flows takes turns of every event loop: who asks for a fifth comes again. */
    @Test
    void fewAreListedAtOnce() {
        List<CompletableFuture<Reply>> listed = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            listed.add(list(Map.of()));
        }
        assertThat(listed).noneMatch(CompletableFuture::isDone);
        Answer refused = (Answer) list(Map.of()).join();
        assertThat(refused.status().code()).isEqualTo(429);
        assertThat(refused.fields()).containsEntry("retry-after", "1");
        assertThat(((Answer) list(Map.of("state", "closed")).join()).status().code())
                .as("what has ended is at hand")
                .isEqualTo(200);

        asked.get(0).complete(List.of());
        assertThat(((Answer) listed.get(0).join()).status().code()).isEqualTo(200);
        assertThat(list(Map.of())).isNotDone();
        asked.get(1).completeExceptionally(new IllegalStateException("planted"));
        assertThat(list(Map.of())).as("one that failed makes room as well").isNotDone();
        assertThat(asked).hasSize(6);
    }

    private CompletableFuture<Reply> list(Map<String, String> query) {
        return pages.flows(new Request(
                        "r",
                        HttpMethod.GET,
                        "/v1/flows",
                        "",
                        query,
                        new DefaultHttpHeaders(),
                        new byte[0],
                        InetAddress.getLoopbackAddress(),
                        Optional.empty()))
                .toCompletableFuture();
    }
}
