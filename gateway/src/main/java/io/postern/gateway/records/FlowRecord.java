package io.postern.gateway.records;

import io.postern.analytics.Evidence;
import io.postern.analytics.Verdict;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.config.ListenSettings.Ingress;
import io.postern.config.policy.Policy;
import io.postern.tls.hello.ServerName;
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
 * @param listener the listener's name in the settings
 * @param setup from the whole request to the upstream reached; zero when it never was
 * @param nameVerified whether the name the client claims is the one its destination was found by; empty when it claims none
 * @param bytesOut device to world, since the start
 * @param bytesIn world to device, since the start
 * @param exchanges those since the flow's last line
 * @param serviceClasses the kinds of service the destination is known for
 * @param rules every rule that matched, also those that only watch
 * @param policyVersion the policy it was judged by
 * @param evidence what was seen of it that speaks for or against a finding
 */
public record FlowRecord(
        String uid,
        Activity activity,
        Optional<CloseReason> closeReason,
        Ingress ingress,
        String listener,
        AppTag tag,
        Transport transport,
        InetSocketAddress client,
        Destination destination,
        Instant startedAt,
        Instant endedAt,
        Duration setup,
        Protocol protocol,
        Basis basis,
        Optional<TlsFacts> tls,
        Optional<HttpFacts> http,
        Optional<Boolean> nameVerified,
        long bytesOut,
        long bytesIn,
        Exchanges exchanges,
        List<String> serviceClasses,
        Verdict verdict,
        List<MatchedRule> rules,
        String policyVersion,
        List<Evidence> evidence) {

    public FlowRecord {
        serviceClasses = List.copyOf(serviceClasses);
        rules = List.copyOf(rules);
        evidence = List.copyOf(evidence);
        if ((activity == Activity.TRAFFIC) == closeReason.isPresent()) {
            throw new IllegalArgumentException(activity + " with close reason " + closeReason);
        }
    }

    /** The notes of a flow that has just begun: its request is whole and its tag verified. */
    public static FlowRecordBuilder builder(
            String uid, Ingress ingress, String listener, Transport transport, InetSocketAddress client, Instant at) {
        return new FlowRecordBuilder(uid, ingress, listener, transport, client, at);
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
     * What a ClientHello said.
     *
     * @param version the highest version offered, as {@code 1.3}
     * @param ech whether it carries an Encrypted Client Hello, so that the server name is only the outer one
     */
    public record TlsFacts(
            Optional<ServerName> serverName, String version, List<String> alpn, String ja3, String ja4, boolean ech) {
        public TlsFacts {
            alpn = List.copyOf(alpn);
        }
    }

    /** What a plain HTTP request said; paths and queries are never noted. */
    public record HttpFacts(Optional<String> host, String method) {}

    /**
     * A rule or analytic that matched.
     *
     * @param action what it asks for
     * @param effect what its mode made of that
     */
    public record MatchedRule(String name, Verdict.Action action, Policy.Mode mode, Verdict.Action effect) {}
}
