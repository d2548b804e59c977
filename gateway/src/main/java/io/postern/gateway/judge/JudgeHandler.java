package io.postern.gateway.judge;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.Breakage;
import io.postern.gateway.flows.LastWord;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.flows.Refusal;
import io.postern.gateway.ingress.Answer;
import io.postern.gateway.ingress.Contained;
import io.postern.gateway.meters.VerdictStage;
import io.postern.gateway.open.Upstream;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.sniff.Sniffed;
import org.jspecify.annotations.Nullable;

/**
 * Takes {@link Sniffed}, hands down {@link Judged} or ends the flow in words its client understands: a TLS alert before
 * any ServerHello, a page for plain HTTP, a reset for everything else.
 */
public final class JudgeHandler extends ChannelInboundHandlerAdapter {

    /** record: 15 | 03 01 | 0002 | fatal(2) access_denied(49), RFC 8446 sections 5.1 and 6. */
    private static final byte[] ACCESS_DENIED = {0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x31};

    private final Verdicts verdicts;
    /** Ours until it is handed down or released. */
    private @Nullable Sniffed judging;

    public JudgeHandler(Verdicts verdicts) {
        this.verdicts = verdicts;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof Sniffed sniffed)) {
            ctx.fireChannelRead(message);
            return;
        }
        judging = sniffed;
        LiveFlow flow = sniffed.opened().tagged().flow();
        Decision decision = verdicts.judge(flow, VerdictStage.RECOGNISED);
        if (decision.ends()) {
            end(ctx.channel(), sniffed, decision);
            release();
        } else {
            flow.onLearnt(() -> verdicts.again(flow));
            judging = null;
            ctx.fireChannelRead(new Judged(sniffed));
            ctx.pipeline().remove(this);
        }
    }

    /** Only a fault of ours comes here: the stage above has taken everything else, and is gone while this one judges. */
    @Override
    @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Sniffed what = judging;
        if (what == null || !what.opened().tagged().flow().live()) {
            ctx.fireExceptionCaught(cause);
            return;
        }
        what.opened().tagged().flow().end(Breakage.reason(cause, CloseReason.CLIENT_RESET));
        what.opened().upstream().reset();
        LastWord.reset(ctx.channel());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        release();
    }

    private void release() {
        if (judging != null) {
            judging.release();
            judging = null;
        }
    }

    private static boolean asksForConnectivity(Sniffed sniffed) {
        return sniffed.opened()
                .tagged()
                .request()
                .map(plain -> Contained.asks(plain.head()))
                .or(() -> sniffed.fromClient().map(bytes -> Contained.asks(bytes.nioBuffer())))
                .orElse(false);
    }

    private static void end(Channel client, Sniffed sniffed, Decision decision) {
        LiveFlow flow = sniffed.opened().tagged().flow();
        Upstream upstream = sniffed.opened().upstream();
        upstream.reset();
        Recognised recognised = sniffed.recognised();
        if (decision.silent()) {
            client.close();
        } else if (sniffed.opened().tagged().request().isPresent() || recognised.protocol() == Protocol.HTTP) {
            // What was asked in HTTP is answered in HTTP, inside a tunnel too.
            Answer answer = sniffed.opened().tagged().answer();
            if (decision.contains() && asksForConnectivity(sniffed)) {
                answer.last(client, Contained.present());
            } else {
                answer.forbidden(client, flow, decision.told());
            }
        } else if (recognised.protocol() == Protocol.TLS) {
            sniffed.opened().tagged().answer().last(client, Unpooled.wrappedBuffer(ACCESS_DENIED));
        } else {
            LastWord.reset(client);
        }
        flow.refused(Refusal.DENIED);
        flow.end(CloseReason.BLOCKED);
    }
}
