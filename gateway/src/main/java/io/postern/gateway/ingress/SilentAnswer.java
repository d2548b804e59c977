package io.postern.gateway.ingress;

import io.netty.channel.Channel;
import io.postern.gateway.flows.LastWord;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Refusal;

/** For clients that do not speak with the gateway: success says nothing, a refusal is a reset, as from the destination. */
enum SilentAnswer implements Answer {
    RESET;

    @Override
    public void opened(Channel client) {
        // The first bytes are the destination's.
    }

    @Override
    public void refused(Channel client, LiveFlow flow, Refusal refusal, String reason) {
        LastWord.reset(client);
    }
}
