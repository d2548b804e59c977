package io.postern.config;

import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import io.postern.dns.memory.AnswerLogSettings;
import io.postern.dns.names.DomainPattern;
import io.postern.dns.validate.TrustAnchor;
import java.util.List;
import java.util.Optional;

/** Parts of {@code dns}: from settings of the right shape to records. */
final class DnsBinder {

    private final Problems problems;

    DnsBinder(Problems problems) {
        this.problems = problems;
    }

    AnswerLogSettings answerLog(Setting log) {
        int entries = log.member("entries").integer();
        int perDevice = log.member("per-device").integer();
        if (perDevice > entries) {
            problems.at(
                    log.member("per-device"), "is " + perDevice + ", must not be more than entries (" + entries + ")");
        }
        return new AnswerLogSettings(
                Math.max(entries, perDevice), perDevice, log.member("grace").duration());
    }

    DnsAnswers answers(Setting dns) {
        return new DnsAnswers(
                patterns(dns.member("private-zones")),
                dns.member("canary").flag(),
                dns.find("strip-ech").map(this::withoutEch),
                dnssec(dns.member("dnssec")));
    }

    private DnsAnswers.Dnssec dnssec(Setting dnssec) {
        Setting anchors = dnssec.member("trust-anchors");
        for (Setting anchor : anchors.items()) {
            if (TrustAnchor.parse(anchor.text()).isEmpty()) {
                problems.at(
                        anchor,
                        "'" + anchor.text() + "' is not a trust anchor, must be a DS or DNSKEY record such as '"
                                + TrustAnchor.ROOT.get(0) + "'");
            }
        }
        return new DnsAnswers.Dnssec(
                dnssec.member("validate").flag(),
                anchors.items().stream().map(Setting::text).toList(),
                patterns(dnssec.member("unchecked-zones")));
    }

    private List<String> patterns(Setting zones) {
        return zones.items().stream().flatMap(zone -> pattern(zone).stream()).toList();
    }

    private Optional<String> pattern(Setting zone) {
        Optional<String> pattern = DomainPattern.parse(zone.text()).map(DomainPattern::toString);
        if (pattern.isEmpty()) {
            problems.at(
                    zone,
                    "'" + zone.text() + "' is not a zone, must be such as .corp.example, *.corp.example, a.example");
        }
        return pattern;
    }

    private DnsAnswers.WithoutEch withoutEch(Setting strip) {
        return new DnsAnswers.WithoutEch(
                strip.member("reason").text(),
                strip.member("approver").text(),
                AnalyticsBinder.day(strip.member("until"), problems));
    }
}
