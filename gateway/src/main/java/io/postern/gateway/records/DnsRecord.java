package io.postern.gateway.records;

import io.postern.analytics.Verdict;
import io.postern.analytics.flow.AppTag;
import io.postern.gateway.records.FlowRecord.MatchedRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;

/**
 * A question to the gateway's own resolver, and what it was answered with.
 *
 * @param listener by its name
 * @param resolver address and port that were asked, as written in the settings, or whose place was taken
 * @param transport {@code udp} or {@code tcp}
 * @param carrier what carries it there, such as {@code tls}; empty for nothing
 * @param name that was asked for, as far as it may be told
 * @param type number of the RR type
 * @param reply the whole message, of which answers are told; empty where they must not be
 * @param verdict what became of the question, and the rule that said so
 * @param rules every rule that matched, also those that only watch
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record DnsRecord(
        String uid,
        String listener,
        InetAddress resolver,
        int port,
        Transport transport,
        String carrier,
        AppTag tag,
        InetSocketAddress client,
        Instant askedAt,
        Instant answeredAt,
        String name,
        int type,
        int rcode,
        byte[] reply,
        Verdict verdict,
        List<MatchedRule> rules,
        String policyVersion) {

    public DnsRecord {
        rules = List.copyOf(rules);
    }

    /** The same from somebody else: for whoever calls them otherwise. */
    public DnsRecord from(AppTag who, InetSocketAddress where) {
        return new DnsRecord(
                uid,
                listener,
                resolver,
                port,
                transport,
                carrier,
                who,
                where,
                askedAt,
                answeredAt,
                name,
                type,
                rcode,
                reply,
                verdict,
                rules,
                policyVersion);
    }
}
