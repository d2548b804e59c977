package io.postern.analytics.attack;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.FlowEvent.Outcome;
import io.postern.analytics.flow.InClear;
import io.postern.analytics.flow.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** What an app says to one destination: first how, then when. Each change makes another; times go on the stage. */
final class Traffic {

    private static final String JA4 = "t13d1516h2_8daaf6152771_b0da82dd1658";
    private static final double SPREAD = 0.6;
    private static final long TAKES = 2_000;
    private static final long ANSWERED = 100;
    private static final long HELLO_UP = 517;
    private static final long HELLO_DOWN = 3_100;

    private final Stage stage;
    private AppTag tag;
    private final String host;
    private int port = 443;
    private Protocol protocol = Protocol.TLS;
    private String serviceClass = "generic-https";
    private Optional<Flow.TlsShape> tls;
    private Optional<Flow.HttpShape> http = Optional.empty();
    private InClear clear = InClear.NOTHING;
    private long up = 900;
    private long down = 1_400;
    private double spread = SPREAD;
    private boolean hello;
    private Outcome outcome = Outcome.CARRIED;

    Traffic(Stage stage, String device, String app, String host) {
        this.stage = stage;
        this.host = host;
        tag = new AppTag(device, "0", app, DeviceAssurance.TAG_VERIFIED, AppAssurance.AGENT_REPORTED);
        tls = Optional.of(new Flow.TlsShape(host, false, "h2", JA4));
    }

    private Traffic(Traffic like) {
        stage = like.stage;
        tag = like.tag;
        host = like.host;
        port = like.port;
        protocol = like.protocol;
        serviceClass = like.serviceClass;
        tls = like.tls;
        http = like.http;
        clear = like.clear;
        up = like.up;
        down = like.down;
        spread = like.spread;
        hello = like.hello;
        outcome = like.outcome;
    }

    Traffic by(DeviceAssurance assurance) {
        Traffic other = new Traffic(this);
        other.tag = new AppTag(tag.device(), tag.profile(), tag.app(), assurance, tag.appAssurance());
        return other;
    }

    Traffic ofDevice(String device) {
        Traffic other = new Traffic(this);
        other.tag = new AppTag(device, tag.profile(), tag.app(), tag.deviceAssurance(), tag.appAssurance());
        return other;
    }

    /** Its destination is known for this. */
    Traffic of(String what) {
        Traffic other = new Traffic(this);
        other.serviceClass = what;
        return other;
    }

    Traffic speaking(Protocol what, int on) {
        Traffic other = new Traffic(this);
        other.protocol = what;
        other.port = on;
        other.tls = what == Protocol.TLS || what == Protocol.QUIC ? tls : Optional.empty();
        return other;
    }

    Traffic saysHello(String sni, boolean hidden, String ja4) {
        Traffic other = new Traffic(this);
        other.tls = Optional.of(new Flow.TlsShape(sni, hidden, "h2", ja4));
        return other;
    }

    /** The protocol that it offers first; its fingerprint stays. */
    Traffic offering(String alpn) {
        Traffic other = new Traffic(this);
        other.tls = Optional.of(new Flow.TlsShape(host, false, alpn, JA4));
        return other;
    }

    /** It asks for the same, with its headers in this order. */
    Traffic asking(String method, String pathClass, String headerOrder) {
        Traffic other = new Traffic(this);
        other.http = Optional.of(new Flow.HttpShape(method, pathClass, "", headerOrder));
        return other;
    }

    Traffic asking(String method, String pathClass) {
        Traffic other = new Traffic(this);
        other.http = Optional.of(new Flow.HttpShape(method, pathClass, "", ""));
        return other;
    }

    /** What it sends in clear begins so. */
    Traffic sending(InClear.Payload payload) {
        Traffic other = new Traffic(this);
        other.clear = new InClear(payload, clear.down(), clear.naming(), clear.resolved());
        return other;
    }

    /** What it gets in clear begins so. */
    Traffic getting(InClear.Payload payload) {
        Traffic other = new Traffic(this);
        other.clear = new InClear(clear.up(), payload, clear.naming(), clear.resolved());
        return other;
    }

    /** It was asked for by one name and calls its server by another. */
    Traffic named(InClear.Naming naming) {
        Traffic other = new Traffic(this);
        other.clear = new InClear(clear.up(), clear.down(), naming, clear.resolved());
        return other;
    }

    /** What is known of whether its device was told its address. */
    Traffic resolved(InClear.Resolved whether) {
        Traffic other = new Traffic(this);
        other.clear = new InClear(clear.up(), clear.down(), clear.naming(), whether);
        return other;
    }

    /** A handshake is the first exchange of each connection. */
    Traffic afterHello() {
        Traffic other = new Traffic(this);
        other.hello = true;
        return other;
    }

    /** Bytes of an exchange, always the same. */
    Traffic sized(long bytesUp, long bytesDown) {
        return sized(bytesUp, bytesDown, 0);
    }

    /** Bytes of an exchange, now fewer and now more. */
    Traffic about(long bytesUp, long bytesDown) {
        return sized(bytesUp, bytesDown, SPREAD);
    }

    private Traffic sized(long bytesUp, long bytesDown, double spreading) {
        Traffic other = new Traffic(this);
        other.up = bytesUp;
        other.down = bytesDown;
        other.spread = spreading;
        return other;
    }

    /** Its far end is dead. */
    Traffic failing() {
        return ending(Outcome.FAILED_UPSTREAM);
    }

    /** The gateway does not let it. */
    Traffic refused() {
        return ending(Outcome.REFUSED);
    }

    private Traffic ending(Outcome how) {
        Traffic other = new Traffic(this);
        other.outcome = how;
        return other;
    }

    /** One connection of one exchange. */
    Traffic at(long millis) {
        Flow flow = flow(millis);
        if (outcome == Outcome.REFUSED) {
            stage.happens(new FlowEvent.Closed(flow, millis, 0, 0, outcome));
            return this;
        }
        stage.happens(new FlowEvent.Opened(flow, millis));
        if (outcome == Outcome.FAILED_UPSTREAM) {
            stage.happens(new FlowEvent.Closed(flow, millis + TAKES, 0, 0, outcome));
            return this;
        }
        if (hello) {
            stage.happens(new FlowEvent.Exchanged(flow, millis + ANSWERED / 2, HELLO_UP, HELLO_DOWN));
        }
        Random random = new Random(millis);
        long out = size(up, random);
        long in = size(down, random);
        stage.happens(new FlowEvent.Exchanged(flow, millis + ANSWERED, out, in));
        stage.happens(new FlowEvent.Closed(
                flow, millis + TAKES, out + (hello ? HELLO_UP : 0), in + (hello ? HELLO_DOWN : 0), outcome));
        return this;
    }

    Traffic by(Beat beat, long from, long until) {
        beat.between(from, until).forEach(this::at);
        return this;
    }

    /** One connection in which it goes on. */
    Traffic inOneConnection(Beat beat, long from, long until) {
        Flow flow = flow(from);
        stage.happens(new FlowEvent.Opened(flow, from));
        Random random = new Random(from);
        long out = 0;
        long in = 0;
        for (long at : beat.between(from + ANSWERED, until)) {
            long more = size(up, random);
            long back = size(down, random);
            stage.happens(new FlowEvent.Exchanged(flow, at, more, back));
            out += more;
            in += back;
        }
        stage.happens(new FlowEvent.Closed(flow, until, out, in, outcome));
        return this;
    }

    /** Questions of a resolver for names below a domain, a second apart. */
    Traffic asks(List<String> names, String domain, int type, long from) {
        Flow flow = flow(from);
        stage.happens(new FlowEvent.Opened(flow, from));
        long at = from;
        for (String name : names) {
            at += 1_000;
            stage.happens(new FlowEvent.Asked(flow, at, name, domain, type, 0, 120));
        }
        return this;
    }

    /** The same of the gateway's own resolver, which is no flow; one name a second. */
    Traffic asksUs(List<String> names, String domain, int type, long from) {
        long at = from;
        for (String name : names) {
            at += 1_000;
            stage.happens(new FlowEvent.Asked(flow(at), at, name, domain, type, 0, 120));
        }
        return this;
    }

    private long size(long usual, Random random) {
        return spread == 0 ? usual : Math.max(1, (long) (usual * Math.exp(spread * random.nextGaussian())));
    }

    Flow flow(long atMillis) {
        return new Flow(
                stage.uid(),
                tag,
                atMillis,
                protocol == Protocol.QUIC || protocol == Protocol.STUN ? Flow.Transport.UDP : Flow.Transport.TCP,
                to(),
                protocol,
                protocol == Protocol.UNKNOWN ? Basis.NO_MATCH : Basis.BYTES,
                Set.of(serviceClass),
                tls,
                http,
                clear);
    }

    private Destination to() {
        return Character.isDigit(host.charAt(0))
                ? new Destination("", "", host, port)
                : new Destination(host, domain(host), "192.0.2.1", port);
    }

    /** The last two labels: no public suffix here has more than one. */
    private static String domain(String host) {
        int last = host.lastIndexOf('.');
        int before = host.lastIndexOf('.', last - 1);
        return host.substring(before + 1);
    }

    String app() {
        return tag.app();
    }

    long usualUp() {
        return up;
    }

    long usualDown() {
        return down;
    }
}
