package io.postern.gateway.open;

import io.netty.channel.EventLoop;
import io.postern.dns.resolve.Answer;
import io.postern.dns.resolve.DialOrder;
import io.postern.dns.resolve.HostsTable;
import io.postern.dns.resolve.Names;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.ingress.Refusal;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Question;
import io.postern.wire.ip.Egress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which addresses may be dialled for a flow? Asks policy about the destination as asked for, resolves it, and asks
 * again about every address it has. Never blocks: resolving comes back to the flow's loop.
 */
public final class Targets {

    /** What was found, told once, on the flow's loop. */
    interface Outcome {

        /** At least one address, each judged, in the order to try. */
        void found(List<InetSocketAddress> addresses);

        void refused(Refusal refusal, Decision decision);
    }

    private final Judges judges;
    private final HostsTable hosts;
    private final Names names;
    private final Meters meters;

    /** @param hosts asked before {@code names} */
    public Targets(Judges judges, HostsTable hosts, Names names, Meters meters) {
        this.judges = judges;
        this.hosts = hosts;
        this.names = names;
        this.meters = meters;
    }

    void find(LiveFlow flow, EventLoop loop, Outcome outcome) {
        Destination destination = flow.destination();
        Decision asked = judges.asAsked(
                Question.atOpen(flow.tag(), destination.name(), destination.address(), destination.port()));
        flow.decided(asked);
        if (asked.ends()) {
            outcome.refused(Refusal.DENIED, asked);
            return;
        }
        Optional<String> name = destination.name();
        if (name.isEmpty()) {
            judged(flow, List.of(new InetSocketAddress(destination.address().orElseThrow(), destination.port())), outcome);
            return;
        }
        List<InetSocketAddress> fixed = hosts.lookup(name.get(), destination.port());
        if (!fixed.isEmpty()) {
            judged(flow, fixed, outcome);
            return;
        }
        var unused = names.resolve(name.get()).whenCompleteAsync((answer, error) -> {
            if (error != null) {
                loop.execute(() -> {
                    throw new IllegalStateException("resolver broke", error);
                });
            }
            resolved(flow, answer == null ? new Answer.Failed("internal") : answer, outcome);
        }, loop);
    }

    private void resolved(LiveFlow flow, Answer answer, Outcome outcome) {
        if (answer instanceof Answer.Addresses found) {
            List<InetSocketAddress> addresses = new ArrayList<>();
            for (InetAddress address : DialOrder.of(found.addresses())) {
                addresses.add(new InetSocketAddress(address, flow.destination().port()));
            }
            judged(flow, addresses, outcome);
        } else if (answer instanceof Answer.Failed failed) {
            outcome.refused(
                    failed.reason().equals("timeout") ? Refusal.RESOLVER_TIMEOUT : Refusal.RESOLVER_FAILED,
                    flow.decision());
        } else {
            outcome.refused(Refusal.NO_SUCH_NAME, flow.decision());
        }
    }

    private void judged(LiveFlow flow, List<InetSocketAddress> addresses, Outcome outcome) {
        List<InetSocketAddress> good = new ArrayList<>(addresses.size());
        Decision refused = Decision.ALLOW;
        Refusal refusal = Refusal.DENIED;
        for (InetSocketAddress address : addresses) {
            Egress network = judges.network(address.getAddress(), address.getPort());
            if (network instanceof Egress.Refused no) {
                meters.egressRefused(no.reason());
                refused = Decision.block("egress:" + no.reason());
                refusal = Refusal.ADDRESS_PROHIBITED;
                continue;
            }
            Decision decision = judges.judge(Question.atOpen(
                    flow.tag(), flow.destination().name(), Optional.of(address.getAddress()), flow.destination().port()));
            if (decision.ends()) {
                refused = decision;
                refusal = Refusal.DENIED;
            } else {
                good.add(address);
                if (good.size() == 1) {
                    flow.decided(decision);
                }
            }
        }
        if (good.isEmpty()) {
            outcome.refused(refusal, refused);
        } else {
            outcome.found(good);
        }
    }
}
