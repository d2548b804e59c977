package io.postern.gateway.ingress;

import io.netty.channel.Channel;
import io.postern.gateway.flows.LastWord;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Refusal;
import java.util.Optional;

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

    /** To a client of plain HTTP the connection is there already, and a page says more than its end. */
    @Override
    public Optional<Contained> contained(Channel client, LiveFlow flow, Optional<PlainRequest> request, String reason) {
        if (flow.destination().port() == Contained.PORT) {
            return Optional.of(new Contained(client, reason, flow.id()));
        }
        LastWord.reset(client);
        return Optional.empty();
    }
}
