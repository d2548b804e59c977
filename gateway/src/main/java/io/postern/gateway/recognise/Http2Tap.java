package io.postern.gateway.recognise;

import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.Learner;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.records.HttpFacts;
import io.postern.gateway.records.UrlPaths;
import io.postern.tls.watch.Side;
import io.postern.wire.http.RequestFacts;
import io.postern.wire.http2.Http2Limits;
import io.postern.wire.http2.Http2Listener;
import io.postern.wire.http2.Http2Watcher;
import java.nio.ByteBuffer;

/** Reads the requests of an HTTP/2 flow, knows gRPC by them, and has the bodies measured. */
final class Http2Tap implements Tap, Http2Listener {

    /** What a connection may make us hold, taken at once: two field blocks, two tables, and what they are read into. */
    static final int ROOM = 40 * 1024;

    private static final Http2Limits LIMITS = new Http2Limits(8 * 1024, 16 * 1024, 16, 64 * 1024);

    private final Learner flow;
    private final UrlPaths paths;
    private final MemoryBudget budget;
    private final Http2Watcher frames = new Http2Watcher(LIMITS, this);
    private final StreamBodies sent;
    private final StreamBodies received;
    private int requests;
    private int status;
    private int lost;
    private boolean closed;

    /**
     * @param paths what is kept of the first request's
     * @param budget of which {@value #ROOM} bytes were taken, which are given back
     */
    Http2Tap(Learner flow, UrlPaths paths, MemoryBudget budget) {
        this.flow = flow;
        this.paths = paths;
        this.budget = budget;
        this.sent = new StreamBodies(new PayloadWatch(flow, Side.CLIENT));
        this.received = new StreamBodies(new PayloadWatch(flow, Side.SERVER));
    }

    private StreamBodies of(Sender sender) {
        return sender == Sender.CLIENT ? sent : received;
    }

    @Override
    public void fromClient(ByteBuffer bytes) {
        frames.fromClient(bytes);
    }

    @Override
    public void fromServer(ByteBuffer bytes) {
        frames.fromServer(bytes);
    }

    @Override
    public void request(int stream, RequestFacts request, int bytes) {
        requests++;
        HttpFacts known = flow.recognised().http().orElseGet(() -> HttpFacts.of(request));
        HttpFacts more = requests == 1 ? known.with(request).to(paths.of(request)) : known.at(request.authority());
        boolean grpc = request.grpc() && flow.recognised().protocol() == Protocol.HTTP2;
        flow.learnt((grpc ? flow.recognised().turned(Protocol.GRPC) : flow.recognised())
                .saying(flow.recognised().spoken().with(more.counted(requests, status))));
    }

    @Override
    public void response(int stream, int code, int bytes) {
        if (status == 0) {
            status = code;
            flow.recognised()
                    .http()
                    .ifPresent(known -> flow.learnt(flow.recognised()
                            .saying(flow.recognised().spoken().with(known.counted(Math.max(1, requests), code)))));
        }
    }

    @Override
    public void dns(Sender sender, int stream) {
        if (flow.recognised().protocol() == Protocol.HTTP2) {
            flow.learnt(flow.recognised().carryingDns("https"));
        }
    }

    @Override
    public void packed(Sender sender, int stream) {
        of(sender).packed(stream);
    }

    @Override
    public void body(Sender sender, int stream, ByteBuffer bytes, int from, int to) {
        of(sender).some(stream, bytes, from, to);
    }

    @Override
    public void trailers(Sender sender, int stream, int bytes) {}

    @Override
    public void data(Sender sender, int stream, int bytes) {}

    @Override
    public void ended(Sender sender, int stream, boolean reset) {
        if (reset) {
            // By whichever end, it is over for both, RFC 9113 section 5.4.2.
            sent.reset(stream);
            received.reset(stream);
        } else {
            of(sender).ended(stream);
        }
    }

    @Override
    public void lost(Sender sender, String rule) {
        lost++;
    }

    @Override
    public boolean over() {
        return closed || lost == Sender.values().length;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            budget.giveBack(ROOM);
        }
    }
}
