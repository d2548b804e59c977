package io.postern.gateway.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.postern.config.ListenSettings;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.identity.ClientPrint;
import io.postern.gateway.identity.Credentials;
import io.postern.wire.Parse;
import io.postern.wire.http.Conformance;
import io.postern.wire.http.Field;
import io.postern.wire.http.HeadReader;
import io.postern.wire.http.HttpLimits;
import io.postern.wire.http.RequestForward;
import io.postern.wire.http.RequestHead;
import io.postern.wire.http.RequestHeadParser;
import io.postern.wire.http.RequestTarget;
import io.postern.wire.ip.HostText;
import java.util.List;
import java.util.Optional;

/**
 * {@code http-connect}: one request head. CONNECT opens a tunnel, absolute-form asks for a plain HTTP exchange; what is
 * neither, or breaks a rule of HTTP, is answered here.
 */
final class HttpIngress extends IngressHandler {

    private static final RequestHeadParser HEADS = new RequestHeadParser(HttpLimits.DEFAULTS);

    private final HeadReader<RequestHead> head = new HeadReader<>(HEADS, HttpLimits.DEFAULTS.head());

    private long print;
    private Optional<String> word = Optional.empty();

    HttpIngress(Shared shared) {
        super(shared);
    }

    @Override
    void received(ChannelHandlerContext ctx, ByteBuf all) {
        Parse<RequestHead> parse = head.read(all.nioBuffer());
        if (parse instanceof Parse.Done<RequestHead> done) {
            all.skipBytes(done.consumed());
            request(ctx, done.value());
        } else if (parse instanceof Parse.Malformed<RequestHead> malformed) {
            refuse(ctx, status(malformed.rule()), malformed.rule());
        }
    }

    private void request(ChannelHandlerContext ctx, RequestHead head) {
        Conformance conformance = head.conformance();
        if (conformance.grade() == Conformance.Grade.SEVERE
                || (shared.listener().strict() && conformance.grade() == Conformance.Grade.AMBIGUOUS)) {
            refuse(ctx, 400, conformance.rule());
            return;
        }
        RequestTarget target = RequestTarget.of(head.method(), head.target());
        if (target instanceof RequestTarget.Tunnel tunnel) {
            // Only CONNECT: it is the client's own, absolute-form carries what an app or a page put there.
            print = print(head);
            start(ctx, head, tunnel.host(), tunnel.port(), HttpAnswer.TUNNEL, Optional.empty());
        } else if (target instanceof RequestTarget.Absolute absolute) {
            RequestForward forward = shared.forwarding().request(head);
            if (forward instanceof RequestForward.Ready ready) {
                Optional<PlainRequest> plain = Optional.of(new PlainRequest(head, ready));
                start(ctx, head, absolute.authority().host(), absolute.port(), HttpAnswer.REQUEST, plain);
            } else if (forward instanceof RequestForward.Refused refused) {
                refuse(ctx, refused.status(), refused.rule());
            }
        } else {
            refuse(ctx, 400, "a proxy is asked by CONNECT or in absolute-form, RFC 9112 section 3.2");
        }
    }

    private void start(
            ChannelHandlerContext ctx,
            RequestHead head,
            String host,
            int port,
            Answer answer,
            Optional<PlainRequest> plain) {
        HostText text = HostText.of(host);
        if (text instanceof HostText.Refused refused) {
            refuse(ctx, 400, refused.rule());
            return;
        }
        enter(ctx, shown(ctx, head.fields()), new Destination(text, port), answer, plain);
    }

    /** A tag, or where there is none the word of a concentrator. */
    private Credentials shown(ChannelHandlerContext ctx, List<Field> fields) {
        Credentials shown = HttpCredentials.of(Field.values(fields, "proxy-authorization"));
        Optional<ListenSettings.TrustedHeaders> headers =
                shared.listener().trustedHeaders().filter(some -> speaksForOthers(ctx));
        word = headers.flatMap(names -> ConcentratorWord.device(names, fields));
        return shown instanceof Credentials.None && headers.isPresent()
                ? ConcentratorWord.of(headers.get(), fields)
                : shown;
    }

    /** A sum, in which order does not count: some clients write their fields in another one each time. */
    private static long print(RequestHead head) {
        long names = 0;
        for (Field field : head.fields()) {
            names += ClientPrint.hash(field.name());
        }
        long print = 31 * names + ClientPrint.hash(head.field("user-agent").orElse(""));
        return print == 0 ? 1 : print;
    }

    @Override
    long requestPrint() {
        return print;
    }

    @Override
    boolean speaksForOthers(ChannelHandlerContext ctx) {
        return shared.listener().trustedHeaders().isPresent()
                && shared.trusted().hold(peer(ctx).getAddress());
    }

    @Override
    Optional<String> word() {
        return word;
    }

    private void refuse(ChannelHandlerContext ctx, int status, String rule) {
        end(ClientError.MALFORMED);
        Farewell.say(ctx.channel(), HttpReplies.badRequest(status, rule));
    }

    @Override
    void unauthenticated(Channel client) {
        Farewell.say(client, HttpReplies.authenticate());
    }

    @Override
    void overloaded(Channel client) {
        Farewell.say(client, HttpReplies.overloaded());
    }

    private static int status(String rule) {
        return switch (rule) {
            case RequestHeadParser.LINE_TOO_LONG -> 414;
            case RequestHeadParser.FIELDS_TOO_LARGE, RequestHeadParser.FIELDS_TOO_MANY -> 431;
            case RequestHeadParser.VERSION -> 505;
            default -> 400;
        };
    }
}
