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

    /** What came of it. */
    public sealed interface Entered {

        record Begun(LiveFlow flow) implements Entered {}

        /** Counting it is the caller's. */
        record Unauthenticated() implements Entered {}

        /** Counted. */
        record Crowded() implements Entered {}
    }

    /** Call on the loop that the flow shall live on. */
    public Entered enter(EventLoop loop, Transport transport, Caller caller, Destination destination) {
        Optional<Identity> identity =
                identities.identify(caller.shown(), caller.certificate(), destination.host(), destination.port());
        if (identity.isEmpty()) {
            return new Entered.Unauthenticated();
        }
        Optional<LiveFlow> flow = flows.on(loop)
                .open(listener, transport, caller.client(), identity.get().tag(), destination);
        if (flow.isEmpty()) {
            events.overloaded(OverloadAction.REFUSE_FLOW);
            return new Entered.Crowded();
        }
        flow.get().identifiedBy(identity.get());
        identity.get()
                .proof()
                .flatMap(proof -> watch.opened(
                        proof, caller.client().getAddress(), caller.print().get()))
                .ifPresent(flow.get()::note);
        return new Entered.Begun(flow.get());
    }
}
