package io.postern.analytics;

import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.instrument.NameShape;
import io.postern.analytics.instrument.Novelty;
import io.postern.analytics.instrument.Usual;

/** What a flow turns out to be: its port, protocol and name, and what of it is new to its app. */
final class Novelties {

    private final Usual usual;

    /** @param usual what a baseline knows, asked when a destination is new to an app */
    Novelties(Usual usual) {
        this.usual = usual;
    }

    /**
     * Into its key.
     *
     * @param past what its app had done before
     */
    void learn(Tracked tracked, Novelty past, Flow flow) {
        int port = flow.destination().port();
        boolean same = tracked.lastMillis() != tracked.firstMillis()
                && tracked.port() == port
                && (flow.protocol() == Protocol.UNKNOWN || flow.protocol() == tracked.protocol());
        if (!same) {
            tracked.marks(0, fresh(past, flow), usual == Usual.UNKNOWN ? 0 : unusual(flow));
            tracked.speaks(flow.protocol(), port);
        }
        if (flow.tls().isPresent()) {
            hello(tracked, past, flow, flow.tls().get());
        }
    }

    private static void hello(Tracked tracked, Novelty past, Flow flow, Flow.TlsShape tls) {
        boolean named = tls.hidden() || !tls.sni().isEmpty();
        // A destination without a name is one exception, however often it is gone to: no beacon makes itself the rule.
        if (named || (tracked.shape() & NameShape.NO_SNI) == 0) {
            past.hello(named);
        }
        boolean fresh = !tls.ja4().isEmpty()
                && past.notes(Novelty.FINGERPRINT, tls.ja4().hashCode());
        tracked.marks(NameShape.ofHello(flow), fresh ? Novelty.FINGERPRINT : 0, 0);
    }

    private static int fresh(Novelty past, Flow flow) {
        int fresh = 0;
        for (String serviceClass : flow.serviceClasses()) {
            if (past.notes(Novelty.SERVICE_CLASS, serviceClass.hashCode())) {
                fresh |= Novelty.SERVICE_CLASS;
            }
        }
        boolean pair = past.notes(
                Novelty.PORT,
                (flow.protocol().label().hashCode() << 16) ^ flow.destination().port());
        return pair ? fresh | Novelty.PORT : fresh;
    }

    private int unusual(Flow flow) {
        Destination to = flow.destination();
        int marks = unusual(flow, Usual.Aspect.DESTINATION, to.name())
                | unusual(flow, Usual.Aspect.DOMAIN, to.domain())
                | unusual(flow, Usual.Aspect.PORT, flow.protocol().label() + "/" + to.port())
                | unusual(
                        flow,
                        Usual.Aspect.FINGERPRINT,
                        flow.tls().map(Flow.TlsShape::ja4).orElse(""));
        for (String serviceClass : flow.serviceClasses()) {
            marks |= unusual(flow, Usual.Aspect.SERVICE_CLASS, serviceClass);
        }
        return marks;
    }

    private int unusual(Flow flow, Usual.Aspect aspect, String value) {
        return !value.isEmpty() && usual.usual(flow.tag(), aspect, value) == Truth.FALSE ? aspect.mark() : 0;
    }
}
