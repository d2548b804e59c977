package io.postern.analytics.baseline;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.Protocol;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Flows of a mail app and what it does not do, from Monday 2026-01-05 09:00 UTC on. */
final class Flows {

    static final long START = Instant.parse("2026-01-05T09:00:00Z").toEpochMilli();
    static final String APP = "com.acme.mail";

    private Flows() {}

    static long day(int day) {
        return START + Duration.ofDays(day).toMillis();
    }

    static Flow flow(String app, String device, String domain, int port, long atMillis) {
        return new Flow(
                "f" + atMillis,
                new AppTag(device, "work", app, DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED),
                atMillis,
                Flow.Transport.TCP,
                new Destination("www." + domain, domain, "192.0.2.1", port),
                Protocol.TLS,
                Basis.BYTES,
                Set.of("collaboration"),
                Optional.of(new Flow.TlsShape("www." + domain, false, "h2", "t13d1516h2_aaaa_bbbb")),
                Optional.of(new Flow.HttpShape("POST", "api", "", "order1")));
    }

    static Sighting sighting(Flow flow, Build build) {
        return new Sighting(flow, "mail", build, Situation.BACKGROUND, 3_000, 100_000, false);
    }

    static Sighting sighting(String device, String domain, int day) {
        return sighting(flow(APP, device, domain, 443, day(day)), new Build(7, "aa"));
    }

    static Sighting suspect(Sighting of) {
        return new Sighting(of.flow(), of.category(), of.build(), of.situation(), of.bytesOut(), of.bytesIn(), true);
    }
}
