package io.postern.gateway.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Refusal;
import java.util.Optional;

/** How a client is told what became of its request, in the protocol it came by. */
public interface Answer {

    /** The upstream is reached: from here on the bytes are the flow's. */
    void opened(Channel client);

    /**
     * It is not to be, and the client has not been told otherwise. Says so and closes once that is sent.
     *
     * @param flow names the flow, so that whoever is asked for help can find its record
     * @param reason the rule's name or the refusal's label
     */
    void refused(Channel client, LiveFlow flow, Refusal refusal, String reason);

    /**
     * The same where the flow is in quarantine: a check of connectivity is answered in place of its origin.
     *
     * @param request when the client speaks plain HTTP with the gateway
     * @return takes what else the client says, for a page in answer; empty: it has been told
     */
    default Optional<Contained> contained(
            Channel client, LiveFlow flow, Optional<PlainRequest> request, String reason) {
        if (request.isEmpty() && Contained.mayAsk(flow.destination())) {
            // By its address nobody can tell a check of connectivity before it asks.
            opened(client);
            return Optional.of(new Contained(client, reason, flow.id()));
        }
        if (request.filter(plain -> Contained.asks(plain.head())).isPresent()) {
            last(client, Contained.present());
        } else {
            refused(client, flow, Refusal.DENIED, reason);
        }
        return Optional.empty();
    }

    /**
     * It was opened and is forbidden for what it turned out to be, which is HTTP: so HTTP says it, whichever way the
     * client came, and closes.
     */
    default void forbidden(Channel client, LiveFlow flow, String reason) {
        last(client, HttpReplies.refused(Refusal.DENIED, reason, flow.id()));
    }

    /**
     * The same in words of another protocol.
     *
     * @param word owned by this method
     */
    default void last(Channel client, ByteBuf word) {
        Farewell.say(client, word);
    }
}
