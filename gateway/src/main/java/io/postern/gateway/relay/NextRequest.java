package io.postern.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.postern.config.ListenSettings;
import io.postern.gateway.ingress.PlainRequest;
import io.postern.wire.Parse;
import io.postern.wire.http.BodyFraming;
import io.postern.wire.http.Conformance;
import io.postern.wire.http.Field;
import io.postern.wire.http.Forwarding;
import io.postern.wire.http.HeadReader;
import io.postern.wire.http.HttpLimits;
import io.postern.wire.http.RequestForward;
import io.postern.wire.http.RequestHead;
import io.postern.wire.http.RequestHeadParser;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final RequestHeadParser REQUESTS = new RequestHeadParser(HttpLimits.DEFAULTS);

    private final Forwarding forwarding;
    private final PlainRequest first;
    private final ListenSettings listener;
    private final BooleanSupplier expired;
    private PlainRequest next;
    private HeadReader<RequestHead> head = heads();
    private int asked;
    private @Nullable ByteBuf unanswered;

    /**
     * @param listener says what else than a tag says whose request it is, and how strict to be
     * @param first opened the flow and was judged
     * @param expired whether its credentials open nothing any more
     */
    NextRequest(Forwarding forwarding, ListenSettings listener, PlainRequest first, BooleanSupplier expired) {
        this.forwarding = forwarding;
        this.listener = listener;
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
            forget();
            ByteBuf whole = bytes.readRetainedSlice(done.consumed());
            if (repeatable(done.value(), ready)) {
                unanswered = whole;
            } else {
                whole.release();
            }
            next = new PlainRequest(done.value(), ready);
            return Kind.SAME_FLOW;
        }
        return Kind.OTHER;
    }

    /** Asking again does nothing twice (RFC 9110 section 9.2.1), and there is no body that is gone. */
    private static boolean repeatable(RequestHead request, RequestForward.Ready ready) {
        return SAFE.contains(request.method()) && ready.body().kind() == BodyFraming.Kind.NONE;
    }

    /**
     * The request that was read last, as it came, if it may be sent anew and nothing was answered to it; the caller's. An
     * origin may close a kept connection just as another request is on its way (RFC 9112 section 9.3.1).
     */
    Optional<ByteBuf> takeUnanswered() {
        Optional<ByteBuf> whole = Optional.ofNullable(unanswered);
        unanswered = null;
        return whole;
    }

    /** The last request is being answered, or nobody waits for its answer. */
    void forget() {
        takeUnanswered().ifPresent(ByteBuf::release);
    }

    private boolean sameFlow(RequestHead request, RequestForward.Ready ready) {
        RequestForward.Ready before = first.forward();
        return !expired.getAsBoolean()
                && (!listener.strict() || request.conformance().grade() == Conformance.Grade.COMPLIANT)
                && credentials(request).equals(credentials(first.head()))
                && ready.target().port() == before.target().port()
                && ready.target()
                        .authority()
                        .host()
                        .equalsIgnoreCase(before.target().authority().host());
    }

    /** All that ingress looks at to say whose request it is. */
    private List<List<String>> credentials(RequestHead request) {
        return Stream.concat(
                        Stream.of("proxy-authorization"),
                        listener.trustedHeaders().stream().flatMap(ListenSettings.TrustedHeaders::names))
                .map(name -> Field.values(request.fields(), name))
                .toList();
    }

    private static HeadReader<RequestHead> heads() {
        return new HeadReader<>(REQUESTS, HttpLimits.DEFAULTS.head());
    }
}
