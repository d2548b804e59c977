package io.postern.wire.http;

import io.postern.wire.http.HttpListener.Turn;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Reads the messages of somebody else's HTTP/1 connection, both directions in the order their bytes come, and tells what
 * is kept of each. Lenient: it judges nothing and follows what most would make of it (RFC 9112 section 6.3).
 *
 * <p>Holds the beginning of one line per direction ({@value SeenLine#MOST} bytes) and what was asked and not answered
 * ({@value #MOST_PENDING} requests), never a body and never a path. Of one direction alone: requests are read as ever, and
 * responses as if all were to GET. Once {@link #over()} nothing is read. Not thread-safe.
 */
public final class HttpWatcher {

    /** Requests sent and not answered. */
    static final int MOST_PENDING = 256;

    private static final String H2C = "h2c";

    static final String TOO_MANY = "more than " + MOST_PENDING + " requests not answered";
    static final String EARLY = "a client that speaks before the answer to its CONNECT";
    static final String GAP = "bytes that nobody saw";

    /** What a response's framing depends on. */
    private enum Asked {
        HEAD,
        CONNECT,
        /** To go on in HTTP/2, RFC 7540 section 3.2. */
        H2C,
        OTHER
    }

    private final HttpListener listener;
    private final Deque<Asked> pending = new ArrayDeque<>(4);
    private final SeenMessages client = new SeenMessages(new Requests());
    private final SeenMessages server = new SeenMessages(new Responses());
    private boolean connecting;
    private boolean interim;
    private boolean requestPacked;
    private boolean responsePacked;
    private boolean over;

    public HttpWatcher(HttpListener listener) {
        this.listener = listener;
    }

    /** Reads on to the end, or to where the connection turns to something else: the buffer's position is then there. */
    public void fromClient(ByteBuffer bytes) {
        client.read(bytes);
        if (connecting && bytes.hasRemaining()) {
            lose(EARLY);
        }
    }

    /** As {@link #fromClient}. */
    public void fromServer(ByteBuffer bytes) {
        server.read(bytes);
    }

    /** A capture lost this many bytes of a client. */
    public void missedFromClient(long bytes) {
        missed(client, bytes);
    }

    /** A capture lost this many bytes of a server. */
    public void missedFromServer(long bytes) {
        missed(server, bytes);
    }

    /** Whether the connection turned to something else or was lost; nothing is read from then on. */
    public boolean over() {
        return over;
    }

    private void missed(SeenMessages side, long bytes) {
        if (!over && !side.skip(bytes)) {
            lose(GAP);
        }
    }

    private void lose(String rule) {
        if (!over) {
            stop();
            listener.lost(rule);
        }
    }

    private void stop() {
        over = true;
        client.stop();
        server.stop();
    }

    private final class Requests implements SeenMessages.Reader {

        @Override
        public boolean begins(SeenHead head, String line, boolean cut) {
            return head.requestLine(line, cut);
        }

        @Override
        public BodyFraming follows(SeenHead head, int bytes) {
            Asked asked =
                    switch (head.method()) {
                        case "HEAD" -> Asked.HEAD;
                        case "CONNECT" -> Asked.CONNECT;
                        default -> head.upgrade().contains(H2C) ? Asked.H2C : Asked.OTHER;
                    };
            requestPacked = head.packed();
            listener.request(head.request(), bytes);
            if (head.dns()) {
                listener.dns();
            }
            if (pending.size() == MOST_PENDING) {
                lose(TOO_MANY);
                return BodyFraming.NONE;
            }
            pending.add(asked);
            connecting = asked == Asked.CONNECT;
            client.hold(connecting);
            return connecting ? BodyFraming.NONE : head.framing(BodyFraming.NONE);
        }

        @Override
        public void body(ByteBuffer bytes, int from, int to) {
            listener.requestBody(bytes, from, to, requestPacked);
        }

        @Override
        public void ended(long bodyBytes) {
            listener.requestEnded(bodyBytes);
        }

        @Override
        public void broken(String rule) {
            lose(rule);
        }
    }

    private final class Responses implements SeenMessages.Reader {

        @Override
        public boolean begins(SeenHead head, String line, boolean cut) {
            return head.statusLine(line);
        }

        @Override
        public BodyFraming follows(SeenHead head, int bytes) {
            int status = head.status();
            interim = status < 200 && status != 101;
            if (interim) {
                return BodyFraming.NONE;
            }
            Asked asked = pending.isEmpty() ? Asked.OTHER : pending.remove();
            responsePacked = head.packed();
            listener.response(status, bytes);
            if (head.dns()) {
                listener.dns();
            }
            boolean tunnel = asked == Asked.CONNECT && status / 100 == 2;
            if (asked == Asked.CONNECT) {
                connecting = false;
                client.hold(false);
            }
            if (tunnel || status == 101) {
                stop();
                listener.turned(tunnel ? Turn.TUNNEL : turn(asked, head));
                return BodyFraming.NONE;
            }
            boolean bodiless = asked == Asked.HEAD || status == 204 || status == 304;
            return bodiless ? BodyFraming.NONE : head.framing(BodyFraming.UNTIL_CLOSE);
        }

        @Override
        public void body(ByteBuffer bytes, int from, int to) {
            listener.responseBody(bytes, from, to, responsePacked);
        }

        @Override
        public void ended(long bodyBytes) {
            if (!interim) {
                listener.responseEnded(bodyBytes);
            }
        }

        @Override
        public void broken(String rule) {
            lose(rule);
        }
    }

    private static Turn turn(Asked asked, SeenHead answer) {
        if (answer.upgrade().equals("websocket") && answer.accepts()) {
            return Turn.WEBSOCKET;
        }
        return answer.upgrade().equals(H2C) && asked == Asked.H2C ? Turn.H2C : Turn.OTHER;
    }
}
