package io.postern.gateway.rules;

import io.postern.dns.names.Listed;
import io.postern.wire.ip.Egress;
import io.postern.wire.ip.EgressRanges;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Answers the questions of the stages with the rules in force. Any thread may ask; {@link #adopt} swaps the rules
 * whole.
 */
public final class Judges {

    /** Of devices; those of one share are asked again together. */
    private static final int SHARES = 4_096;

    private volatile EgressRanges egress;
    private final Clock clock;
    private final FactSource facts;
    private final FindingSource findings;
    private final Overrules overrules;
    private final Overrules enforcing;
    private final ExceptionTable exceptions;
    private volatile Rules rules;
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLongArray changesOfDevices = new AtomicLongArray(SHARES);

    /** How often something has changed, for everybody and for a device. */
    private record Standing(long all, long device) {}

    /** Where nobody tells of devices and apps. */
    public Judges(EgressRanges egress, Rules rules, Clock clock) {
        this(egress, rules, clock, FactSource.NOBODY);
    }

    /** Where nobody is contained either. */
    public Judges(EgressRanges egress, Rules rules, Clock clock, FactSource facts) {
        this(egress, rules, clock, facts, FindingSource.NOBODY, Overrules.NONE);
    }

    public Judges(
            EgressRanges egress,
            Rules rules,
            Clock clock,
            FactSource facts,
            FindingSource findings,
            Overrules overrules) {
        this(egress, rules, clock, facts, findings, overrules, ExceptionTable.NONE);
    }

    /** @param exceptions of flows that could not be looked into */
    public Judges(
            EgressRanges egress,
            Rules rules,
            Clock clock,
            FactSource facts,
            FindingSource findings,
            Overrules overrules,
            ExceptionTable exceptions) {
        this.exceptions = exceptions;
        this.egress = egress;
        this.rules = rules;
        this.clock = clock;
        this.facts = facts;
        this.findings = findings;
        this.overrules = overrules;
        this.enforcing = overrules.enforcing();
    }

    /** From now on these rules hold. */
    public void adopt(Rules next) {
        rules = next;
        changed();
    }

    /** Somebody was contained or released, the kill switch turned, or a window opened or closed. */
    public void changed() {
        changes.incrementAndGet();
    }

    /** What is known or was found of a device has changed. */
    public void changed(String device) {
        changesOfDevices.incrementAndGet(share(device));
    }

    /** While it equals what it was, whoever of this device was refused for good would be again. */
    public Object standing(String device) {
        return new Standing(changes.get(), changesOfDevices.get(share(device)));
    }

    private static int share(String device) {
        return Math.floorMod(device.hashCode(), SHARES);
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

    /** Whether a device may find a name; see {@link Rules#judgeName}. */
    public Decision judgeName(NameQuestion name) {
        Question question = name.question();
        Instant now = clock.instant();
        return overrules.afterName(rules.judgeName(question, now, facts), question, now);
    }

    /** Whether it may once it is known where the answer leads: what matches for that alone. */
    public Decision judgeAnswer(NameQuestion name) {
        Rules some = rules;
        if (!some.hearsOfAnswer(name)) {
            return Decision.ALLOW;
        }
        Instant now = clock.instant();
        Decision decision = some.judgeAnswer(name, now, facts);
        return decision.matches().isEmpty() ? decision : overrules.afterName(decision, name.question(), now);
    }

    /** What the list says of a name, of the rule that decided about it. */
    public Optional<Listed> listed(Decision decision, NameQuestion name) {
        return rules.listed(decision.verdict().reason(), name);
    }

    public Decision judge(Question question) {
        return by(rules, question, clock.instant(), overrules);
    }

    /** A flow ends because no resolver has said anything of its name: what the exceptions have to say to that. */
    public Decision unanswered(Decision before) {
        return exceptions.unanswered(before);
    }

    /** By rules that are not in force, and as if enforcement were switched on: what they would do once it is again. */
    public Decision would(Question question, Rules others, Instant now) {
        return by(others, question, now, enforcing);
    }

    private Decision by(Rules some, Question question, Instant now, Overrules above) {
        Decision policy = some.judge(question, now, facts, findings.of(question));
        return above.after(exceptions.after(policy, question), question, now).by(some.version());
    }
}
