package io.postern.config;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What is told otherwise than servers say.
 *
 * @param privateZones patterns of names that may have addresses of the inside
 * @param canary whether {@code use-application-dns.net} does not exist
 * @param withoutEch what HTTPS and SVCB records say of Encrypted Client Hello is left out; absent: it is told
 */
public record DnsAnswers(List<String> privateZones, boolean canary, Optional<WithoutEch> withoutEch) {

    public static final DnsAnswers DEFAULTS = new DnsAnswers(List.of(), true, Optional.empty());

    public DnsAnswers {
        privateZones = List.copyOf(privateZones);
    }

    /**
     * Names are kept from being hidden, for a reason and a while.
     *
     * @param until the last day on which they are, UTC
     */
    public record WithoutEch(String reason, String approver, LocalDate until) {}
}
