package io.postern.analytics.fleet;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.FlowEvent.Outcome;
import java.util.HashMap;
import java.util.Map;

/** Makes flow events of what the apps of one device say, with the questions of the system's resolver before them. */
final class Sender {

    static final String NETD = "netd";

    private static final Peer RESOLVER = Peer.resolver("192.0.2.53");
    private static final Cause RESOLVING = Cause.benign(NETD, "Resolver");
    private static final long[] REMEMBERED = {5 * Times.MINUTE, 10 * Times.MINUTE, Times.HOUR};
    private static final int A = 1;

    private final Phone phone;
    private final Talk talk = new Talk();
    private final Dice dice;
    private final double unattributed;
    private final AppTag netd;
    private final AppTag nobody;
    private final Map<String, Long> resolved = new HashMap<>();
    private long flows;

    Sender(Phone phone, AppTag device, double unattributed, long seed) {
        this.phone = phone;
        this.dice = new Dice(seed);
        this.unattributed = unattributed;
        this.netd = device.of(NETD);
        this.nobody = device.of(AppTag.NOBODY, AppAssurance.NONE);
    }

    /** An empty one to fill and send; the one before is gone. */
    Talk talk() {
        return talk.begin();
    }

    boolean send(Cause cause, AppTag tag, Peer peer, int version, long at, Talk said) {
        if (phone.today().offline.contains(at)) {
            return false;
        }
        resolve(peer, version, at);
        Flow flow = peer.flow(uid(), attributed(tag), at, version, address(at));
        phone.happens(new FlowEvent.Opened(flow, at), cause);
        long out = 0;
        long in = 0;
        for (int i = 0; i < said.count(); i++) {
            out += said.bytesOut(i);
            in += said.bytesIn(i);
            phone.happens(new FlowEvent.Exchanged(flow, at + said.offset(i), said.bytesOut(i), said.bytesIn(i)), cause);
        }
        phone.happens(new FlowEvent.Closed(flow, at + said.end(), out, in, Outcome.CARRIED), cause);
        return true;
    }

    /** It tries, and nobody is there. */
    boolean fail(Cause cause, AppTag tag, Peer peer, int version, long at) {
        if (phone.today().offline.contains(at)) {
            return false;
        }
        resolve(peer, version, at);
        Flow flow = peer.flow(uid(), attributed(tag), at, version, address(at));
        phone.happens(new FlowEvent.Opened(flow, at), cause);
        phone.happens(new FlowEvent.Closed(flow, at + 3 * Times.SECOND, 0, 0, Outcome.FAILED_UPSTREAM), cause);
        return true;
    }

    /** One question, in a flow of its own, as Android's resolver asks; by {@code netd} unless the app has its own resolver. */
    boolean ask(Cause cause, AppTag tag, Peer resolver, String name, String domain, int type, int bytesIn, long at) {
        if (phone.today().offline.contains(at)) {
            return false;
        }
        Flow flow = resolver.flow(uid(), attributed(tag), at, 0, 0);
        int up = name.length() + 30;
        long answered = at + 8 + dice.upTo(60);
        phone.happens(new FlowEvent.Opened(flow, at), cause);
        phone.happens(new FlowEvent.Asked(flow, at, name, domain, type, 0, bytesIn), cause);
        phone.happens(new FlowEvent.Closed(flow, answered, up, bytesIn, Outcome.CARRIED), cause);
        return true;
    }

    /** By the system's resolver. */
    boolean askSystem(Cause cause, String name, String domain, int type, int bytesIn, long at) {
        return ask(cause, netd, RESOLVER, name, domain, type, bytesIn, at);
    }

    private void resolve(Peer peer, int version, long at) {
        if (!peer.named()) {
            return;
        }
        String host = peer.host(version);
        Long until = resolved.get(host);
        if (until != null && until > at) {
            return;
        }
        resolved.put(host, at + REMEMBERED[Math.floorMod(host.hashCode(), REMEMBERED.length)]);
        long asked = Math.max(phone.today().from, at - 15 - dice.upTo(60));
        askSystem(RESOLVING, host, peer.destination(version, 0).domain(), A, host.length() + 50, asked);
    }

    private AppTag attributed(AppTag tag) {
        return unattributed > 0 && dice.chance(unattributed) ? nobody : tag;
    }

    /** A content network answers with another address every few hours. */
    private int address(long at) {
        return (int) (at / (3 * Times.HOUR) + phone.index());
    }

    private String uid() {
        return phone.id() + '-' + Long.toString(flows++, Character.MAX_RADIX);
    }
}
