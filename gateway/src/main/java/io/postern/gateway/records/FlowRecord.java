package io.postern.gateway.records;

import io.postern.analytics.Evidence;
import io.postern.analytics.Verdict;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.InClear.Naming;
import io.postern.analytics.flow.InClear.Resolved;
import io.postern.analytics.flow.Protocol;
import io.postern.config.policy.Policy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a flow was, told once when it ends and once an hour while it lives. Made on the flow's event loop of what the
 * flow has at hand; {@link FlowRecords} makes text of it elsewhere.
 *
 * @param uid the same in every line of the flow
 * @param closeReason present unless the activity is {@link Activity#TRAFFIC}
 * @param origin where it was seen
 * @param spoken what its messages said
 * @param setup from the whole request to the upstream reached; zero when it never was
 * @param facts of its device and app, known when it began
 * @param nameVerified whether the name the client claims is the one its destination was found by; empty when it claims none
 * @param toldName of a flow that asked for an address, the name that its device was told that address for
 * @param resolved whether its device was told here of the address
 * @param bytesOut device to world, since the start
 * @param bytesIn world to device, since the start
 * @param exchanges those since the flow's last line
 * @param serviceClasses the kinds of service the destination is known for
 * @param rules every rule that matched, also those that only watch
 * @param policyVersion the policy it was judged by
 * @param evidence what was seen of it that speaks for or against a finding
 * @param findings ids of findings of its app and destination that are open
 */
public record FlowRecord(
        String uid,
        Activity activity,
        Optional<CloseReason> closeReason,
        Origin origin,
        AppTag tag,
        Transport transport,
        InetSocketAddress client,
        Destination destination,
        Instant startedAt,
        Instant endedAt,
        Duration setup,
        Protocol protocol,
        Basis basis,
        Spoken spoken,
        KnownFacts facts,
        Optional<Boolean> nameVerified,
        Optional<String> toldName,
        Resolved resolved,
        long bytesOut,
        long bytesIn,
        Exchanges exchanges,
        List<String> serviceClasses,
        Verdict verdict,
        List<MatchedRule> rules,
        String policyVersion,
        List<Evidence> evidence,
        List<String> findings) {

    public FlowRecord {
        serviceClasses = List.copyOf(serviceClasses);
        rules = List.copyOf(rules);
        evidence = List.copyOf(evidence);
        findings = List.copyOf(findings);
        if ((activity == Activity.TRAFFIC) == closeReason.isPresent()) {
            throw new IllegalArgumentException(activity + " with close reason " + closeReason);
        }
    }

    public Optional<TlsFacts> tls() {
        return spoken.tls();
    }

    public Optional<HttpFacts> http() {
        return spoken.http();
    }

    /** The name of its destination: what the client asked for, or what its device was told the address for. */
    public Optional<String> hostname() {
        return destination.host().or(() -> toldName);
    }

    /** Whether the names that it goes by are of one server. */
    public Naming naming() {
        return TwoNames.of(destination.host(), spoken);
    }

    /** The notes of a flow that has just begun: its request is whole and its tag verified. */
    public static FlowRecordBuilder builder(
            String uid, Origin origin, Transport transport, InetSocketAddress client, Instant at) {
        return new FlowRecordBuilder(uid, origin, transport, client, at);
    }

    /**
     * Where a flow wants to go.
     *
     * @param host what the client asked for when that was a name
     * @param address what was dialled; absent when the flow ended before
     * @param port 0 when it ended before that was known
     */
    public record Destination(Optional<String> host, Optional<InetAddress> address, int port) {
        public static final Destination UNKNOWN = new Destination(Optional.empty(), Optional.empty(), 0);

        public Destination {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port is " + port + ", must be 0 to 65535");
            }
        }
    }

    /**
     * A rule or analytic that matched.
     *
     * @param action what it asks for
     * @param effect what its mode made of that
     */
    public record MatchedRule(String name, Verdict.Action action, Policy.Mode mode, Verdict.Action effect) {}

    /** The same with less known of where it went and of what it said. */
    FlowRecord to(Destination less, Optional<String> told, Spoken said) {
        return with(tag, client, less, told, said);
    }

    /** The same from somebody else: for whoever calls them otherwise. */
    public FlowRecord from(AppTag who, InetSocketAddress where) {
        return with(who, where, destination, toldName, spoken);
    }

    private FlowRecord with(AppTag who, InetSocketAddress where, Destination less, Optional<String> told, Spoken said) {
        return new FlowRecord(
                uid,
                activity,
                closeReason,
                origin,
                who,
                transport,
                where,
                less,
                startedAt,
                endedAt,
                setup,
                protocol,
                basis,
                said,
                facts,
                nameVerified,
                told,
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
    }

    /** Whether an exception ended it without a word to its client. */
    boolean silenced() {
        return verdict.reason().startsWith("exception:") && verdict.reason().endsWith(":drop");
    }
}
