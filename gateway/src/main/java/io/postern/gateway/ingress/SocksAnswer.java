package io.postern.gateway.ingress;

import io.netty.channel.Channel;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Refusal;

/** How a SOCKS5 client is answered: by a reply code, which has no room for a reason. */
enum SocksAnswer implements Answer {
    CONNECT;

    @Override
    public void opened(Channel client) {
        client.writeAndFlush(SocksReplies.reply(SocksReplies.SUCCEEDED), client.voidPromise());
    }

    @Override
    public void refused(Channel client, LiveFlow flow, Refusal refusal, String reason) {
        Farewell.say(client, SocksReplies.reply(refusal.socks()));
    }
}
