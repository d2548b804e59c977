package io.postern.gateway.ingress;

import io.netty.channel.Channel;
import io.postern.gateway.flows.LastWord;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Refusal;

/** PROXY has no answers: success says nothing, a refusal is a reset, as a client would have from the destination. */
enum ProxyAnswer implements Answer {
    NONE;

    @Override
    public void opened(Channel client) {
        // The first bytes are the destination's.
    }

    @Override
    public void refused(Channel client, LiveFlow flow, Refusal refusal, String reason) {
        LastWord.reset(client);
    }
}
