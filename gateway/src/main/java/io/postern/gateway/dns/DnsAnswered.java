package io.postern.gateway.dns;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.flow.AppTag;
import io.postern.config.ListenSettings;
import io.postern.dns.message.DnsHead;
import io.postern.dns.message.Query;
import io.postern.gateway.rules.Decision;
import java.net.InetSocketAddress;

/**
 * A question of somebody who may ask, and what it was answered with.
 *
 * @param server that was asked: the listener, or whose place it took
 * @param decision what policy said; {@link Decision#UNDECIDED} where it was not asked
 * @param verdict what became of the question
 * @param reply the whole message; not to be changed
 * @param tookNanos from the question's coming to the answer's going
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record DnsAnswered(
        ListenSettings listener,
        DnsTransport transport,
        InetSocketAddress client,
        InetSocketAddress server,
        AppTag who,
        Query query,
        Decision decision,
        Action verdict,
        byte[] reply,
        long tookNanos) {

    /** As {@link io.postern.dns.message.WireName#text}. */
    public String name() {
        return query.key().text();
    }

    public int type() {
        return query.key().type();
    }

    public int rcode() {
        return DnsHead.rcode(reply);
    }
}
