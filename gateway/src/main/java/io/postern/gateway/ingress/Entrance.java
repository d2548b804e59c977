package io.postern.gateway.ingress;

import io.netty.channel.EventLoop;
import io.postern.config.ListenSettings;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.identity.Identities;
import io.postern.gateway.identity.Identity;
import io.postern.gateway.identity.TagWatch;
import io.postern.gateway.records.Transport;
import java.util.Optional;

/** Where every flow of a listener begins, over a connection or by datagrams: whose is it, and is there room for it? */
public record Entrance(
        ListenSettings listener, Flows flows, Identities identities, TagWatch watch, IngressEvents events) {

    /** Whose it is; empty when nobody vouches for it, and then telling and counting it is the caller's. */
    public Optional<Identity> identify(Caller caller, Destination destination) {
        return identities.identify(caller.shown(), caller.certificate(), destination.host(), destination.port());
    }

    /** The flow; empty when there is no room for it, and that is counted. Call on the loop that it shall live on. */
    public Optional<LiveFlow> begin(
            EventLoop loop, Transport transport, Caller caller, Destination destination, Identity identity) {
        Optional<LiveFlow> begun =
                flows.on(loop).open(listener, transport, caller.client(), identity.tag(), destination);
        if (begun.isEmpty()) {
            events.overloaded(OverloadAction.REFUSE_FLOW);
            return begun;
        }
        LiveFlow flow = begun.get();
        flow.background().identifiedBy(identity);
        identity.proof()
                .flatMap(proof -> watch.opened(
                        proof, caller.client().getAddress(), caller.print().get()))
                .ifPresent(flow.background()::note);
        return begun;
    }
}
