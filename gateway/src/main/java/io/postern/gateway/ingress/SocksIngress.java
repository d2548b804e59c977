package io.postern.gateway.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.identity.Credentials;
import io.postern.wire.Parse;
import io.postern.wire.socks.SocksMethods;
import io.postern.wire.socks.SocksPassword;
import io.postern.wire.socks.SocksRequest;
import io.postern.wire.socks.SocksRequest.Command;
import io.postern.wire.socks.SocksRequestParser;
import java.util.Optional;

/**
 * {@code socks5}: RFC 1928 CONNECT and UDP ASSOCIATE, the tag as user name and password of RFC 1929.
 *
 * <pre>
 * methods → password → request → flow, or association
 *    └─────────────────────↑       only where the unattributed are admitted, and for clients that have no password
 * </pre>
 *
 * A tag is asked for before the destination is known. One that could open nothing fails the sub-negotiation, in the same
 * bytes whatever is wrong with it; an authentic one past its time passes where there is a renewal set, and is refused by
 * the request's reply where it does not renew.
 */
final class SocksIngress extends IngressHandler {

    private enum Step {
        METHODS,
        PASSWORD,
        REQUEST,
        OVER
    }

    private Step step = Step.METHODS;
    private Credentials shown = Credentials.NONE;

    SocksIngress(Shared shared) {
        super(shared);
    }

    /** Clients need not wait for our answers: whatever has come is read. */
    @Override
    void received(ChannelHandlerContext ctx, ByteBuf all) {
        boolean read = true;
        while (read && step != Step.OVER) {
            read = switch (step) {
                case METHODS -> methods(ctx, all);
                case PASSWORD -> password(ctx, all);
                case REQUEST -> request(ctx, all);
                case OVER -> false;
            };
        }
    }

    private boolean methods(ChannelHandlerContext ctx, ByteBuf all) {
        Parse<SocksMethods> parse = SocksMethods.PARSER.parse(all.nioBuffer());
        if (parse instanceof Parse.Done<SocksMethods> done) {
            all.skipBytes(done.consumed());
            choose(ctx, done.value());
        } else if (parse instanceof Parse.Malformed<SocksMethods>) {
            end(ctx, ClientError.MALFORMED, SocksReplies.method(SocksMethods.UNACCEPTABLE));
        } else if (parse instanceof Parse.NotThis<SocksMethods>) {
            // Whoever speaks something else would not understand us.
            step = Step.OVER;
            end(ClientError.MALFORMED);
            ctx.close();
        }
        return parse instanceof Parse.Done<SocksMethods>;
    }

    private void choose(ChannelHandlerContext ctx, SocksMethods methods) {
        if (methods.password()) {
            step = Step.PASSWORD;
            say(ctx, SocksReplies.method(SocksMethods.PASSWORD));
        } else if (methods.none() && shared.identities().openAnything(Credentials.NONE, certificate(ctx.channel()))) {
            step = Step.REQUEST;
            say(ctx, SocksReplies.method(SocksMethods.NONE));
        } else {
            end(ctx, ClientError.UNAUTHENTICATED, SocksReplies.method(SocksMethods.UNACCEPTABLE));
        }
    }

    private boolean password(ChannelHandlerContext ctx, ByteBuf all) {
        Parse<SocksPassword> parse = SocksPassword.PARSER.parse(all.nioBuffer());
        if (parse instanceof Parse.NeedMore<SocksPassword>) {
            return false;
        }
        if (!(parse instanceof Parse.Done<SocksPassword> done)) {
            end(ctx, ClientError.MALFORMED, SocksReplies.status(SocksPassword.FAILURE));
            return false;
        }
        all.skipBytes(done.consumed());
        shown = new Credentials.Tag(
                new CompactTag(done.value().user(), done.value().password()));
        if (!shared.identities().openAnything(shown, certificate(ctx.channel()))) {
            end(ctx, ClientError.UNAUTHENTICATED, SocksReplies.status(SocksPassword.FAILURE));
            return false;
        }
        step = Step.REQUEST;
        say(ctx, SocksReplies.status(SocksPassword.SUCCESS));
        return true;
    }

    private boolean request(ChannelHandlerContext ctx, ByteBuf all) {
        Parse<SocksRequest> parse = SocksRequest.PARSER.parse(all.nioBuffer());
        if (parse instanceof Parse.NeedMore<SocksRequest>) {
            return false;
        }
        if (!(parse instanceof Parse.Done<SocksRequest> done)) {
            end(ctx, ClientError.MALFORMED, SocksReplies.reply(reply(parse)));
            return false;
        }
        all.skipBytes(done.consumed());
        SocksRequest request = done.value();
        if (request.command() == Command.CONNECT) {
            step = Step.OVER;
            enter(ctx, shown, new Destination(request.host(), request.port()), SocksAnswer.CONNECT, Optional.empty());
        } else if (request.command() == Command.UDP_ASSOCIATE
                && shared.associations().isPresent()) {
            associate(ctx, shared.associations().get(), request.port());
        } else {
            end(ctx, ClientError.UNSUPPORTED, SocksReplies.reply(SocksReplies.COMMAND_NOT_SUPPORTED));
        }
        return true;
    }

    /** The connection stays, and says no more than that the client is still there. */
    private void associate(ChannelHandlerContext ctx, Associations associations, int port) {
        Optional<Associations.Association> association =
                associations.open(ctx.channel(), caller(ctx, peer(ctx), shown), port);
        if (association.isEmpty()) {
            step = Step.OVER;
            overloaded(ctx.channel());
            leave();
            return;
        }
        step = Step.OVER;
        say(ctx, SocksReplies.associated(association.get().address()));
        leave();
        ctx.pipeline().replace(this, "association", association.get().control());
    }

    private static int reply(Parse<SocksRequest> parse) {
        String rule = parse instanceof Parse.Malformed<SocksRequest> malformed ? malformed.rule() : "";
        return switch (rule) {
            case SocksRequestParser.COMMAND -> SocksReplies.COMMAND_NOT_SUPPORTED;
            case SocksRequestParser.ADDRESS_TYPE -> SocksReplies.ADDRESS_TYPE_NOT_SUPPORTED;
            default -> SocksReplies.GENERAL_FAILURE;
        };
    }

    private static void say(ChannelHandlerContext ctx, ByteBuf word) {
        ctx.writeAndFlush(word, ctx.voidPromise());
    }

    private void end(ChannelHandlerContext ctx, ClientError how, ByteBuf word) {
        step = Step.OVER;
        end(how);
        Farewell.say(ctx.channel(), word);
    }

    /** Of the request: the tag is authentic, and does not reach this destination any more. */
    @Override
    void unauthenticated(Channel client) {
        Farewell.say(client, SocksReplies.reply(SocksReplies.NOT_ALLOWED));
    }

    @Override
    void overloaded(Channel client) {
        Farewell.say(client, SocksReplies.reply(SocksReplies.GENERAL_FAILURE));
    }
}
