package io.postern.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.postern.gateway.ingress.PlainRequest;
import io.postern.wire.Parse;
import io.postern.wire.http.Field;
import io.postern.wire.http.Forwarding;
import io.postern.wire.http.HeadReader;
import io.postern.wire.http.HttpLimits;
import io.postern.wire.http.RequestForward;
import io.postern.wire.http.RequestHead;
import io.postern.wire.http.RequestHeadParser;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Is the next request on a connection one of the same flow: the same credentials to the same place? */
final class NextRequest {

    /** What the bytes so far are. */
    enum Kind {
        /** No whole head yet. */
        MORE,
        /** One for this flow; its head has been taken. */
        SAME_FLOW,
        /** Another's, or broken; nothing has been taken. */
        OTHER
    }

    private static final RequestHeadParser REQUESTS = new RequestHeadParser(HttpLimits.DEFAULTS);

    private final Forwarding forwarding;
    private final PlainRequest first;
    private final BooleanSupplier expired;
    private PlainRequest next;
    private HeadReader<RequestHead> head = heads();
    private int asked;

    /**
     * @param first opened the flow and was judged
     * @param expired whether its credentials open nothing any more
     */
    NextRequest(Forwarding forwarding, PlainRequest first, BooleanSupplier expired) {
        this.forwarding = forwarding;
        this.first = first;
        this.expired = expired;
        this.next = first;
    }

    PlainRequest first() {
        return first;
    }

    /** The one that was read last. */
    PlainRequest next() {
        return next;
    }

    /** The next bytes are the first of a head. */
    void fresh() {
        head = heads();
        asked = 0;
    }

    /** Whether the first bytes of a head have just been seen, once. */
    boolean begun() {
        return asked == 1;
    }

    Kind read(ByteBuf bytes) {
        asked++;
        Parse<RequestHead> parse = head.read(bytes.nioBuffer());
        if (parse instanceof Parse.NeedMore<RequestHead>) {
            return Kind.MORE;
        }
        if (parse instanceof Parse.Done<RequestHead> done
                && forwarding.request(done.value()) instanceof RequestForward.Ready ready
                && sameFlow(done.value(), ready)) {
            bytes.skipBytes(done.consumed());
            next = new PlainRequest(done.value(), ready);
            return Kind.SAME_FLOW;
        }
        return Kind.OTHER;
    }

    private boolean sameFlow(RequestHead request, RequestForward.Ready ready) {
        RequestForward.Ready before = first.forward();
        return !expired.getAsBoolean()
                && credentials(request).equals(credentials(first.head()))
                && ready.target().port() == before.target().port()
                && ready.target()
                        .authority()
                        .host()
                        .equalsIgnoreCase(before.target().authority().host());
    }

    private static List<String> credentials(RequestHead request) {
        return Field.values(request.fields(), "proxy-authorization");
    }

    private static HeadReader<RequestHead> heads() {
        return new HeadReader<>(REQUESTS, HttpLimits.DEFAULTS.head());
    }
}
