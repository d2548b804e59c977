package io.postern.gateway.dns;

import io.postern.analytics.Verdict.Action;

/** Counts questions that were answered. */
public interface DnsCounts {

    void answered(DnsTransport transport, DnsCode code, Action verdict);
}
