package io.postern.config;

import io.postern.dns.validate.TrustAnchor;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What is told otherwise than servers say.
 *
 * @param privateZones patterns of names that may have addresses of the inside
 * @param canary whether {@code use-application-dns.net} does not exist
 * @param withoutEch what HTTPS and SVCB records say of Encrypted Client Hello is left out; absent: it is told
 * @param dnssec how answers are checked before they are told
 */
public record DnsAnswers(List<String> privateZones, boolean canary, Optional<WithoutEch> withoutEch, Dnssec dnssec) {

    public static final DnsAnswers DEFAULTS =
            new DnsAnswers(List.of(), true, Optional.empty(), new Dnssec(false, TrustAnchor.ROOT, List.of()));

    public DnsAnswers {
        privateZones = List.copyOf(privateZones);
    }

    /**
     * Whether answers are what their owners have signed.
     *
     * @param validate whether that is asked at all
     * @param trustAnchors as {@link TrustAnchor#parse} reads them
     * @param uncheckedZones patterns of names of which it is not asked
     */
    public record Dnssec(boolean validate, List<String> trustAnchors, List<String> uncheckedZones) {
        public Dnssec {
            trustAnchors = List.copyOf(trustAnchors);
            uncheckedZones = List.copyOf(uncheckedZones);
        }
    }

    /**
     * Names are kept from being hidden, for a reason and a while.
     *
     * @param until the last day on which they are, UTC
     */
    public record WithoutEch(String reason, String approver, LocalDate until) {}
}
