package io.postern.gateway.detect;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent.Outcome;
import io.postern.analytics.flow.InClear.Naming;
import io.postern.analytics.flow.InClear.Payload;
import io.postern.analytics.flow.InClear.Resolved;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.records.Exchanges;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a line about a flow says, before it is put into detection's words: each text as the record has it, empty where it has
 * none. Filled in by whoever reads a line, and again for the next.
 */
final class FlowWords {

    String uid = "";
    String device = AppTag.NOBODY;
    String profile = AppTag.NOBODY;
    String app = AppTag.NOBODY;
    DeviceAssurance deviceAssurance = DeviceAssurance.NONE;
    AppAssurance appAssurance = AppAssurance.NONE;
    Optional<Outcome> outcome = Optional.empty();
    Flow.Transport transport = Flow.Transport.TCP;

    /** Where it comes from. */
    String client = "";

    /** What the client asked for when that was a name. */
    String asked = "";

    /** What its device was told the address for. */
    String told = "";

    String address = "";
    int port;
    long startMillis;
    long endMillis;
    long bytesOut;
    long bytesIn;
    Protocol protocol = Protocol.UNKNOWN;
    Basis basis = Basis.END;
    Exchanges exchanges = Exchanges.NONE;
    final Set<String> serviceClasses = new LinkedHashSet<>();

    /** Whether it speaks TLS in some way, its hello seen or not. */
    boolean tls;

    boolean hello;
    String serverName = "";
    boolean hidden;
    String alpn = "";
    String ja4 = "";

    String method = "";
    String httpHost = "";
    String pathClass = "";
    String userAgent = "";
    String headerOrder = "";

    Payload sent = Payload.NONE;
    Payload received = Payload.NONE;
    Naming naming = Naming.ONE;
    Resolved resolved = Resolved.UNKNOWN;

    /** The first question of DNS. */
    String question = "";

    int questionType;

    void clear() {
        uid = "";
        device = AppTag.NOBODY;
        profile = AppTag.NOBODY;
        app = AppTag.NOBODY;
        deviceAssurance = DeviceAssurance.NONE;
        appAssurance = AppAssurance.NONE;
        outcome = Optional.empty();
        transport = Flow.Transport.TCP;
        client = "";
        asked = "";
        told = "";
        address = "";
        port = 0;
        startMillis = 0;
        endMillis = 0;
        bytesOut = 0;
        bytesIn = 0;
        protocol = Protocol.UNKNOWN;
        basis = Basis.END;
        exchanges = Exchanges.NONE;
        serviceClasses.clear();
        tls = false;
        hello = false;
        serverName = "";
        hidden = false;
        alpn = "";
        ja4 = "";
        method = "";
        httpHost = "";
        pathClass = "";
        userAgent = "";
        headerOrder = "";
        sent = Payload.NONE;
        received = Payload.NONE;
        naming = Naming.ONE;
        resolved = Resolved.UNKNOWN;
        question = "";
        questionType = 0;
    }
}
