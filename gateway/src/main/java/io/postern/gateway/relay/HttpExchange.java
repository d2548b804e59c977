package io.postern.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.postern.gateway.ingress.PlainRequest;
import io.postern.wire.Parse;
import io.postern.wire.Payloads;
import io.postern.wire.http.Forwarding;
import io.postern.wire.http.HeadReader;
import io.postern.wire.http.HttpLimits;
import io.postern.wire.http.Packed;
import io.postern.wire.http.ResponseForward;
import io.postern.wire.http.ResponseHead;
import io.postern.wire.http.ResponseHeadParser;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response. Everything is written anew from what was understood; knows no channel, only two places
 * to put bytes, and takes from its input exactly what belongs to this exchange.
 *
 * <pre>
 * request head → request body ┐
 *                             ├→ done
 * interim* → response head → response body
 * </pre>
 */
final class HttpExchange {

    /** What comes next. */
    enum Next {
        /** More of either. */
        MORE,
        /** It is over; the connections may carry another. */
        DONE,
        /** It is over, and nothing may follow it. */
        LAST,
        /** No HTTP from here on. */
        SWITCHED,
        /** The sender broke a rule. */
        BROKEN
    }

    private static final ResponseHeadParser RESPONSES = new ResponseHeadParser(HttpLimits.DEFAULTS);
    /** More interim responses than this to one request are a flood (facts of security, H6). */
    private static final int MAX_INTERIM = 16;

    private final PlainRequest request;
    private final Forwarding forwarding;
    private final Consumer<ByteBuf> toOrigin;
    private final Consumer<ByteBuf> toClient;

    private final Payloads received;

    private HeadReader<ResponseHead> head = heads();
    private @Nullable BodyMover requestBody;
    private @Nullable BodyMover responseBody;
    private boolean answered;
    private boolean responded;
    private boolean close;
    private int interim;

    /**
     * @param sent shown the request's body
     * @param received shown the response's
     */
    HttpExchange(
            PlainRequest request,
            Forwarding forwarding,
            Consumer<ByteBuf> toOrigin,
            Consumer<ByteBuf> toClient,
            Payloads sent,
            Payloads received) {
        this.request = request;
        this.forwarding = forwarding;
        this.toOrigin = toOrigin;
        this.toClient = toClient;
        this.received = received;
        this.close = request.forward().close();
        BodyMover body =
                new BodyMover(request.forward().body(), request.forward().body(), forwarding, sent);
        this.requestBody = body.done() ? null : body;
        if (!body.done()) {
            sent.begins(Packed.in(request.head().fields()));
        }
    }

    /** Sends the request's head. */
    void begin() {
        toOrigin.accept(Unpooled.wrappedBuffer(request.forward().head().bytes()));
    }

    /** Whether the client's next bytes belong to this request. */
    boolean takesBody() {
        return requestBody != null;
    }

    /** Whether the client has seen the beginning of the final response. */
    boolean answered() {
        return answered;
    }

    /** Nothing may follow it, whatever its heads say. */
    void last() {
        close = true;
    }

    Next fromClient(ByteBuf in) {
        if (requestBody != null) {
            if (requestBody.move(in, toOrigin) == BodyMover.Move.BROKEN) {
                return Next.BROKEN;
            }
            if (requestBody.done()) {
                requestBody = null;
            }
        }
        return over();
    }

    Next fromOrigin(ByteBuf in) {
        while (in.isReadable() && !responded) {
            if (responseBody == null) {
                Next next = responseHead(in);
                if (next != Next.DONE) {
                    return next;
                }
            } else if (responseBody.move(in, toClient) == BodyMover.Move.BROKEN) {
                return Next.BROKEN;
            } else if (responseBody.done()) {
                responded = true;
            } else {
                break;
            }
        }
        return over();
    }

    /** The origin has said all it will. */
    Next originFinished() {
        if (responseBody != null && responseBody.endsWithConnection()) {
            responded = true;
            close = true;
        }
        return responded ? over() : Next.BROKEN;
    }

    private Next over() {
        if (!responded) {
            return Next.MORE;
        }
        // After an early final response the rest of the request is not worth its transport (H4).
        return close || requestBody != null ? Next.LAST : Next.DONE;
    }

    /** @return {@code DONE} when a head was read */
    private Next responseHead(ByteBuf in) {
        Parse<ResponseHead> parse = head.read(in.nioBuffer());
        if (parse instanceof Parse.NeedMore<ResponseHead>) {
            return Next.MORE;
        }
        if (!(parse instanceof Parse.Done<ResponseHead> done)) {
            return Next.BROKEN;
        }
        in.skipBytes(done.consumed());
        head = heads();
        ResponseForward forward = forwarding.response(request.head(), done.value(), close);
        boolean flood = done.value().interim() && ++interim > MAX_INTERIM;
        if (flood || forward instanceof ResponseForward.Refused) {
            return Next.BROKEN;
        }
        return forward instanceof ResponseForward.Ready ready ? pass(done.value(), ready) : Next.DONE;
    }

    private Next pass(ResponseHead said, ResponseForward.Ready ready) {
        toClient.accept(Unpooled.wrappedBuffer(ready.head().bytes()));
        if (said.status() == 101) {
            return Next.SWITCHED;
        }
        if (!said.interim()) {
            answered = true;
            close |= ready.close();
            BodyMover body = new BodyMover(ready.received(), ready.sent(), forwarding, received);
            if (!body.done()) {
                received.begins(Packed.in(said.fields()));
            }
            responseBody = body;
            responded = body.done();
        }
        return Next.DONE;
    }

    private static HeadReader<ResponseHead> heads() {
        return new HeadReader<>(RESPONSES, HttpLimits.DEFAULTS.head());
    }
}
