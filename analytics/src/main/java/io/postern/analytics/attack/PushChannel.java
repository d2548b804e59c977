package io.postern.analytics.attack;

import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.Protocol;
import java.util.Set;

/** Where Play services wait for push messages, by Firebase's page on network configuration. */
final class PushChannel {

    private static final Set<String> HOSTS = Set.of(
            "mtalk.google.com",
            "mtalk4.google.com",
            "mtalk-staging.google.com",
            "mtalk-dev.google.com",
            "alt1-mtalk.google.com",
            "alt2-mtalk.google.com",
            "alt3-mtalk.google.com",
            "alt4-mtalk.google.com",
            "alt5-mtalk.google.com",
            "alt6-mtalk.google.com",
            "alt7-mtalk.google.com",
            "alt8-mtalk.google.com");

    private PushChannel() {}

    static boolean is(Destination destination) {
        return HOSTS.contains(destination.host());
    }

    /** Whether messages come by this flow: by its name, its bytes or the class of where it goes. */
    static boolean carries(Flow flow) {
        return flow.protocol() == Protocol.MTALK
                || is(flow.destination())
                || flow.serviceClasses().contains("push");
    }
}
