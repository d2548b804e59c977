package io.postern.gateway.recognise;

import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.Learner;
import io.postern.gateway.records.HttpFacts;
import io.postern.gateway.records.UrlPaths;
import io.postern.tls.watch.Side;
import io.postern.wire.http.HttpListener;
import io.postern.wire.http.HttpWatcher;
import io.postern.wire.http.RequestFacts;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;

/** Reads the messages of an HTTP/1 flow, and hands it on where it becomes something else. */
final class HttpTap implements Tap, HttpListener {

    private final Learner flow;
    private final UrlPaths paths;
    private final Function<Turn, Tap> watchers;
    private final HttpWatcher messages = new HttpWatcher(this);
    private Tap behind = Tap.NONE;
    private final PayloadWatch sent;
    private final PayloadWatch received;
    private boolean closed;
    private boolean inRequest;
    private boolean inResponse;
    private int requests;
    private int status;

    /**
     * @param paths what is kept of the first request's
     * @param watchers of what may follow
     */
    HttpTap(Learner flow, UrlPaths paths, Function<Turn, Tap> watchers) {
        this.flow = flow;
        this.paths = paths;
        this.watchers = watchers;
        this.sent = new PayloadWatch(flow, Side.CLIENT);
        this.received = new PayloadWatch(flow, Side.SERVER);
    }

    @Override
    public void fromClient(ByteBuffer bytes) {
        messages.fromClient(bytes);
        if (messages.over() && bytes.hasRemaining() && !behind.over()) {
            behind.fromClient(bytes);
        }
    }

    @Override
    public void fromServer(ByteBuffer bytes) {
        messages.fromServer(bytes);
        if (messages.over() && bytes.hasRemaining() && !behind.over()) {
            behind.fromServer(bytes);
        }
    }

    @Override
    public void request(RequestFacts request, int headBytes) {
        requests++;
        HttpFacts known = flow.recognised().http().orElseGet(() -> HttpFacts.of(request));
        HttpFacts more = requests == 1 ? known.with(request).to(paths.of(request)) : known.at(request.authority());
        learnt(more.counted(requests, status));
    }

    @Override
    public void requestBody(ByteBuffer bytes, int from, int to, boolean packed) {
        if (!inRequest) {
            inRequest = true;
            sent.begins(packed);
        }
        sent.some(bytes, from, to);
    }

    @Override
    public void requestEnded(long bodyBytes) {
        if (inRequest) {
            inRequest = false;
            sent.ends();
        }
    }

    @Override
    public void response(int code, int headBytes) {
        if (status == 0) {
            status = code;
            flow.recognised().http().ifPresent(known -> learnt(known.counted(Math.max(1, requests), code)));
        }
    }

    @Override
    public void dns() {
        if (flow.recognised().protocol() == Protocol.HTTP) {
            flow.learnt(flow.recognised().carryingDns("https"));
        }
    }

    @Override
    public void responseBody(ByteBuffer bytes, int from, int to, boolean packed) {
        if (!inResponse) {
            inResponse = true;
            received.begins(packed);
        }
        received.some(bytes, from, to);
    }

    @Override
    public void responseEnded(long bodyBytes) {
        if (inResponse) {
            inResponse = false;
            received.ends();
        }
    }

    @Override
    public void turned(Turn turn) {
        Optional<Protocol> to =
                switch (turn) {
                    case WEBSOCKET -> Optional.of(Protocol.WEBSOCKET);
                    case H2C -> Optional.of(Protocol.HTTP2);
                    case TUNNEL, OTHER -> Optional.empty();
                };
        behind = watchers.apply(turn);
        to.ifPresent(protocol -> flow.learnt(flow.recognised().turned(protocol)));
    }

    @Override
    public void lost(String rule) {
        // It may be a client that does not wait for the answer to its CONNECT.
        behind = watchers.apply(Turn.OTHER);
    }

    private void learnt(HttpFacts more) {
        flow.learnt(flow.recognised().saying(flow.recognised().spoken().with(more)));
    }

    @Override
    public void missed(Side by, int bytes) {
        if (by == Side.CLIENT) {
            messages.missedFromClient(bytes);
        } else {
            messages.missedFromServer(bytes);
        }
        if (!behind.over()) {
            behind.missed(by, bytes);
        }
    }

    @Override
    public boolean over() {
        return closed || (messages.over() && behind.over());
    }

    @Override
    public void close() {
        closed = true;
        behind.close();
    }
}
