package io.postern.gateway.records;

import io.postern.analytics.Evidence;
import io.postern.analytics.Verdict;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.InClear.Resolved;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.records.FlowRecord.Destination;
import io.postern.gateway.records.FlowRecord.MatchedRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Notes on one flow while it lives, kept beside it on its event loop: each stage adds what it learnt, and every line
 * is made of what is known by then. Not for several threads.
 */
public final class FlowRecordBuilder {
    private final String uid;
    private final Origin origin;
    private final Transport transport;
    private final InetSocketAddress client;
    private final Instant startedAt;

    private AppTag tag = AppTag.UNATTRIBUTED;
    private Destination destination = Destination.UNKNOWN;
    private Duration setup = Duration.ZERO;
    private boolean established;
    private Protocol protocol = Protocol.UNKNOWN;
    private Basis basis = Basis.END;
    private Spoken spoken = Spoken.NOTHING;
    private KnownFacts facts = KnownFacts.NONE;
    private Optional<Boolean> nameVerified = Optional.empty();
    private Optional<String> toldName = Optional.empty();
    private Resolved resolved = Resolved.UNKNOWN;
    private long bytesOut;
    private long bytesIn;
    private Exchanges exchanges = Exchanges.NONE;
    private List<String> serviceClasses = List.of();
    private Verdict verdict = new Verdict(Verdict.Action.ALLOW, "default");
    private List<MatchedRule> rules = List.of();
    private String policyVersion = "none";
    private List<Evidence> evidence = List.of();
    private List<String> findings = List.of();

    FlowRecordBuilder(String uid, Origin origin, Transport transport, InetSocketAddress client, Instant startedAt) {
        this.uid = uid;
        this.origin = origin;
        this.transport = transport;
        this.client = client;
        this.startedAt = startedAt;
    }

    public FlowRecordBuilder tag(AppTag tag) {
        this.tag = tag;
        return this;
    }

    /** Where the client wants to go, before that is resolved. */
    public FlowRecordBuilder destination(Optional<String> host, int port) {
        this.destination = new Destination(host, Optional.empty(), port);
        return this;
    }

    /** The address that is dialled. */
    public FlowRecordBuilder dialled(InetAddress address) {
        this.destination = new Destination(destination.host(), Optional.of(address), destination.port());
        return this;
    }

    /** How long it took until the upstream was reached; from now on the flow counts as established. */
    public FlowRecordBuilder setup(Duration setup) {
        this.setup = setup;
        return established();
    }

    /** Its upstream was reached, nobody knows when. */
    public FlowRecordBuilder established() {
        this.established = true;
        return this;
    }

    public FlowRecordBuilder recognised(Protocol protocol, Basis basis) {
        this.protocol = protocol;
        this.basis = basis;
        return this;
    }

    public FlowRecordBuilder spoken(Spoken facts) {
        this.spoken = facts;
        return this;
    }

    /** What was known of its device and app when it began. */
    public FlowRecordBuilder facts(KnownFacts known) {
        this.facts = known.orNone();
        return this;
    }

    /** The name the client claims is, or is not, the one its destination was found by. */
    public FlowRecordBuilder nameVerified(boolean verified) {
        this.nameVerified = Optional.of(verified);
        return this;
    }

    /**
     * What its device was told of the address that it goes to.
     *
     * @param name that it was told the address for
     */
    public FlowRecordBuilder resolved(Optional<String> name, Resolved whether) {
        this.toldName = name;
        this.resolved = whether;
        return this;
    }

    /** Totals since the flow's start, and the exchanges since its last line. */
    public FlowRecordBuilder traffic(long bytesOut, long bytesIn, Exchanges exchanges) {
        this.bytesOut = bytesOut;
        this.bytesIn = bytesIn;
        this.exchanges = exchanges;
        return this;
    }

    public FlowRecordBuilder serviceClasses(List<String> classes) {
        this.serviceClasses = classes;
        return this;
    }

    /**
     * The judgement in force; a later one replaces it.
     *
     * @param rules every rule that matched
     */
    public FlowRecordBuilder judged(Verdict verdict, List<MatchedRule> rules, String policyVersion) {
        this.verdict = verdict;
        this.rules = rules;
        this.policyVersion = policyVersion;
        return this;
    }

    public FlowRecordBuilder evidence(List<Evidence> evidence) {
        this.evidence = evidence;
        return this;
    }

    public FlowRecordBuilder findings(List<String> uids) {
        this.findings = uids;
        return this;
    }

    /** The hourly line; the next line starts without its exchanges. */
    public FlowRecord living(Instant at) {
        return line(Activity.TRAFFIC, Optional.empty(), at);
    }

    /** The flow's last line. */
    public FlowRecord ended(CloseReason reason, Instant at) {
        // A datagram socket is connected before anybody is asked.
        boolean unheard = transport == Transport.UDP && reason == CloseReason.UPSTREAM_FAILED;
        return line(reason.activity(established && !unheard), Optional.of(reason), at);
    }

    private FlowRecord line(Activity activity, Optional<CloseReason> reason, Instant at) {
        FlowRecord line = new FlowRecord(
                uid,
                activity,
                reason,
                origin,
                tag,
                transport,
                client,
                destination,
                startedAt,
                at,
                setup,
                protocol,
                basis,
                spoken,
                facts,
                nameVerified,
                toldName,
                resolved,
                bytesOut,
                bytesIn,
                exchanges,
                serviceClasses,
                verdict,
                rules,
                policyVersion,
                evidence,
                findings);
        exchanges = Exchanges.NONE;
        return line;
    }
}
