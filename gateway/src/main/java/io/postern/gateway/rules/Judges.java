package io.postern.gateway.rules;

import io.postern.wire.ip.Egress;
import io.postern.wire.ip.EgressRanges;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * Answers the questions of the stages with the rules in force. Any thread may ask; {@link #adopt} swaps the rules
 * whole.
 */
public final class Judges {

    private volatile EgressRanges egress;
    private final Clock clock;
    private final FactSource facts;
    private volatile Rules rules;

    /** Where nobody tells of devices and apps. */
    public Judges(EgressRanges egress, Rules rules, Clock clock) {
        this(egress, rules, clock, FactSource.NOBODY);
    }

    public Judges(EgressRanges egress, Rules rules, Clock clock, FactSource facts) {
        this.egress = egress;
        this.rules = rules;
        this.clock = clock;
        this.facts = facts;
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
        return rules.judge(question, clock.instant(), facts);
    }

    /** By rules that are not in force. */
    public Decision would(Question question, Rules others, Instant now) {
        return others.judge(question, now, facts);
    }
}
