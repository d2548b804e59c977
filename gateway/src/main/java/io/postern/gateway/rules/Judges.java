package io.postern.gateway.rules;

import io.postern.wire.ip.Egress;
import io.postern.wire.ip.EgressRanges;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Optional;

/**
 * Answers the questions of the stages with the rules in force. Any thread may ask; {@link #adopt} swaps the rules
 * whole.
 */
public final class Judges {

    private volatile EgressRanges egress;
    private final Clock clock;
    private volatile Rules rules;

    public Judges(EgressRanges egress, Rules rules, Clock clock) {
        this.egress = egress;
        this.rules = rules;
        this.clock = clock;
    }

    /** From now on these rules hold. */
    public void adopt(Rules next) {
        rules = next;
    }

    /** From now on these networks are protected: listeners know their ports only once they are bound. */
    public void protect(EgressRanges next) {
        egress = next;
    }

    public Rules rules() {
        return rules;
    }

    /** Before anything is resolved: what the destination as asked for already decides. */
    public Decision asAsked(Question question) {
        Optional<String> port = PortPolicy.refusal(question.tag(), question.port());
        return port.isPresent() ? Decision.block(port.get()) : judge(question);
    }

    /** Whether the network lets this address be dialled, whoever asks. */
    public Egress network(InetAddress address, int port) {
        return egress.judge(address, port);
    }

    public Decision judge(Question question) {
        return rules.judge(question, clock.instant());
    }
}
