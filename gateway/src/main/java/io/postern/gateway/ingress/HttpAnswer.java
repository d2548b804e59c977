package io.postern.gateway.ingress;

import io.netty.channel.Channel;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Refusal;

/** How an HTTP client is answered: CONNECT gets its 200, a request in absolute-form gets its response later. */
enum HttpAnswer implements Answer {
    TUNNEL {
        @Override
        public void opened(Channel client) {
            client.writeAndFlush(HttpReplies.established(), client.voidPromise());
        }
    },
    REQUEST {
        @Override
        public void opened(Channel client) {
            // The origin's response is the answer.
        }
    };

    @Override
    public void refused(Channel client, LiveFlow flow, Refusal refusal, String reason) {
        Farewell.say(client, HttpReplies.refused(refusal, reason, flow.id()));
    }
}
