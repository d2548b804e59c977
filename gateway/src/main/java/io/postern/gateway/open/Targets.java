package io.postern.gateway.open;

import io.netty.channel.EventLoop;
import io.postern.dns.resolve.Answer;
import io.postern.dns.resolve.DialOrder;
import io.postern.dns.resolve.HostsTable;
import io.postern.dns.resolve.Names;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Refusal;
import io.postern.gateway.flows.Shares;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.meters.VerdictStage;
import io.postern.gateway.records.Transport;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Question;
import io.postern.wire.ip.Egress;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which addresses may be dialled for a flow? Asks policy about the destination as asked for, resolves it, and asks
 * again about every address it has. Never blocks: resolving comes back to the flow's loop.
 */
public final class Targets {

    /** What was found, told once, on the flow's loop. */
    public interface Outcome {

        /** At least one address, each judged, in the order to try. */
        void found(List<InetSocketAddress> addresses);

        void refused(Refusal refusal, Decision decision);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Targets.class);

    /** Of plain DNS. */
    private static final int DNS_PORT = 53;

    private final Judges judges;
    private final HostsTable hosts;
    private final Names names;
    private final Shares<Object> lookups;
    private final Runnable crowded;
    private final EgressCounts prohibited;
    private final Meters meters;

    /**
     * @param hosts asked before {@code names}
     * @param lookups names that are being resolved for one holder
     * @param crowded told of each flow that is refused because too many names are being resolved
     */
    public Targets(
            Judges judges, HostsTable hosts, Names names, Shares<Object> lookups, Runnable crowded, Meters meters) {
        this.judges = judges;
        this.hosts = hosts;
        this.names = names;
        this.lookups = lookups;
        this.crowded = crowded;
        this.prohibited = new EgressCounts(meters);
        this.meters = meters;
    }

    /** Call on the flow's loop. */
    public void find(LiveFlow flow, EventLoop loop, Outcome outcome) {
        Destination destination = flow.destination();
        long began = System.nanoTime();
        Decision asked = judges.asAsked(atOpen(flow, destination.address()));
        meters.flows().judged(VerdictStage.OPEN, System.nanoTime() - began);
        flow.decided(asked);
        if (asked.ends()) {
            outcome.refused(Refusal.DENIED, asked);
            return;
        }
        List<InetSocketAddress> fixed = fixed(destination);
        if (!fixed.isEmpty()) {
            judged(flow, fixed, outcome);
        } else if (destination.host() instanceof HostText.Name name) {
            resolve(name, flow, loop, outcome);
        }
    }

    private void resolve(HostText.Name name, LiveFlow flow, EventLoop loop, Outcome outcome) {
        if (!lookups.take(flow.holder())) {
            crowded(flow, outcome);
            return;
        }
        names.resolve(name)
                .whenComplete((answer, error) -> lookups.giveBack(flow.holder()))
                .whenCompleteAsync((answer, error) -> guarded(flow, answer, error, outcome), loop);
    }

    /** Nobody else hears of what is thrown here. */
    private void guarded(LiveFlow flow, @Nullable Answer answer, @Nullable Throwable error, Outcome outcome) {
        try {
            resolved(flow, answer, error, outcome);
        } catch (RuntimeException fault) {
            LOG.error("a flow ended by a fault of ours", fault);
            outcome.refused(Refusal.ERROR, flow.decision());
        }
    }

    private void crowded(LiveFlow flow, Outcome outcome) {
        crowded.run();
        outcome.refused(Refusal.OVERLOAD, flow.decision());
    }

    /** What needs no resolving: hosts the operator has written down, and addresses. */
    private List<InetSocketAddress> fixed(Destination destination) {
        if (destination.host() instanceof HostText.Name name) {
            return hosts.lookup(name, destination.port());
        }
        HostText.Literal literal = (HostText.Literal) destination.host();
        List<InetSocketAddress> elsewhere = hosts.lookup(literal, destination.port());
        return elsewhere.isEmpty() ? List.of(new InetSocketAddress(literal.address(), destination.port())) : elsewhere;
    }

    private void resolved(LiveFlow flow, @Nullable Answer answer, @Nullable Throwable error, Outcome outcome) {
        if (answer instanceof Answer.Addresses found) {
            List<InetSocketAddress> addresses = new ArrayList<>();
            for (InetAddress address : DialOrder.of(found.addresses())) {
                addresses.add(new InetSocketAddress(address, flow.destination().port()));
            }
            judged(flow, addresses, outcome);
        } else if (answer instanceof Answer.Failed failed && failed.cause() == Answer.Reason.OVERLOAD) {
            crowded(flow, outcome);
        } else if (answer instanceof Answer.Failed failed) {
            outcome.refused(
                    failed.cause() == Answer.Reason.TIMEOUT ? Refusal.RESOLVER_TIMEOUT : Refusal.RESOLVER_FAILED,
                    unanswered(flow));
        } else if (answer != null) {
            outcome.refused(Refusal.NO_SUCH_NAME, flow.decision());
        } else {
            LOG.error("resolving failed by a fault of ours", error);
            outcome.refused(Refusal.ERROR, flow.decision());
        }
    }

    /** What is decided of a flow whose name has no answer, in time or at all. */
    public Decision unanswered(LiveFlow flow) {
        return judges.unanswered(flow.decision());
    }

    private void judged(LiveFlow flow, List<InetSocketAddress> addresses, Outcome outcome) {
        List<InetSocketAddress> good = new ArrayList<>(addresses.size());
        Decision refused = Decision.ALLOW;
        Refusal refusal = Refusal.DENIED;
        for (InetSocketAddress address : addresses) {
            Egress network = judges.network(address.getAddress(), address.getPort());
            if (network instanceof Egress.Refused no) {
                prohibited.accept(no);
                refused = Decision.block("egress:" + no.reason());
                refusal = Refusal.ADDRESS_PROHIBITED;
                continue;
            }
            Decision decision = judgedAs(flow, address.getAddress());
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

    private static Question atOpen(LiveFlow flow, Optional<InetAddress> address) {
        Destination destination = flow.destination();
        Question question = Question.atOpen(flow.tag(), flow.verifiedName(), address, destination.port())
                .from(flow.client().getAddress());
        return asksDns(flow)
                .map(server -> question.asking(new Question.Asking(server, Optional.empty())))
                .orElse(question);
    }

    /** The server that its datagrams ask by its address: what they ask is seen before any of them goes. */
    public static Optional<InetAddress> asksDns(LiveFlow flow) {
        Destination destination = flow.destination();
        return flow.transport() == Transport.UDP && destination.port() == DNS_PORT
                ? destination.address()
                : Optional.empty();
    }

    /** An address that was asked for as such has been judged with the question itself. */
    private Decision judgedAs(LiveFlow flow, InetAddress address) {
        Destination destination = flow.destination();
        if (destination.address().filter(address::equals).isPresent()) {
            return flow.decision();
        }
        long began = System.nanoTime();
        Decision decision = judges.judge(atOpen(flow, Optional.of(address)));
        meters.flows().judged(VerdictStage.OPEN, System.nanoTime() - began);
        return decision;
    }
}
