package io.postern.analytics;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.Protocol;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Flows of one device, to be told of in tests. */
public final class Flows {

    public static final long START = 1_795_000_000_000L;
    public static final long SECOND = 1_000;
    public static final long MINUTE = 60 * SECOND;
    public static final long HOUR = 60 * MINUTE;
    public static final long DAY = 24 * HOUR;

    private static final AtomicLong UIDS = new AtomicLong();

    private Flows() {}

    public static AppTag tag(String app) {
        return new AppTag("device", "0", app, DeviceAssurance.TAG_VERIFIED, AppAssurance.AGENT_REPORTED);
    }

    public static Flow to(String app, String host, String domain) {
        return to(app, host, domain, Protocol.TLS, 443);
    }

    public static Flow to(String app, String host, String domain, Protocol protocol, int port) {
        return new Flow(
                "flow-" + UIDS.incrementAndGet(),
                tag(app),
                START,
                Flow.Transport.TCP,
                new Destination(host, domain, "", port),
                protocol,
                Basis.BYTES,
                Set.of("generic-https"),
                protocol == Protocol.TLS
                        ? Optional.of(new Flow.TlsShape(host, false, "h2", "t13d1516h2_8daaf6152771_b0da82dd1658"))
                        : Optional.empty(),
                Optional.empty());
    }

    public static FlowEvent opened(String app, String host, long at) {
        return new FlowEvent.Opened(to(app, host, host), at);
    }
}
