package io.postern.gateway;

import io.postern.analytics.Verdict;
import io.postern.analytics.flow.AppTag;
import io.postern.gateway.analytics.Homes;
import io.postern.gateway.detect.Asked;
import io.postern.gateway.detect.FlowLine.Question;
import io.postern.gateway.dns.DnsAnswered;
import io.postern.gateway.dns.DnsTransport;
import io.postern.gateway.dns.DnsWitness;
import io.postern.gateway.flows.FlowId;
import io.postern.gateway.records.DnsRecord;
import io.postern.gateway.records.DnsRecords;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.records.PersonalProfiles;
import io.postern.gateway.records.Transport;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.Judges;
import io.postern.wire.ip.AddressText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Tells the world of what devices ask the gateway itself. */
final class QuestionReports implements DnsWitness {

    /** Whose a question is where the system asks for apps and does not say for which. */
    private static final String SYSTEM_RESOLVER = "netd";

    private static final byte[] NOTHING = {};

    private final Optional<Homes> homes;
    private final Optional<DnsRecords> records;
    private final Judges judges;
    private final PersonalProfiles personal;
    private final Clock wall;

    /**
     * @param homes told of questions where anything is to be detected
     * @param records where they are written down
     * @param personal whose questions are told of with less
     */
    QuestionReports(
            Optional<Homes> homes, Optional<DnsRecords> records, Judges judges, PersonalProfiles personal, Clock wall) {
        this.homes = homes;
        this.records = records;
        this.judges = judges;
        this.personal = personal;
        this.wall = wall;
    }

    @Override
    public void answered(DnsAnswered what) {
        if (homes.isEmpty() && records.isEmpty()) {
            return;
        }
        AppTag who = asker(what.who());
        Optional<String> name = personal.name(who.profile(), what.name());
        if (name.isPresent()) {
            homes.ifPresent(all -> all.asked(asked(what, who, name.get())));
            records.ifPresent(all -> all.write(record(what, who, name.get())));
        }
    }

    private static AppTag asker(AppTag who) {
        return who.attributed() && who.app().equals(AppTag.NOBODY) ? who.of(SYSTEM_RESOLVER, who.appAssurance()) : who;
    }

    private Asked asked(DnsAnswered what, AppTag who, String name) {
        return new Asked(
                who,
                what.client().getAddress(),
                AddressText.of(what.server().getAddress()),
                what.server().getPort(),
                new Question(wall.millis(), name, what.type(), what.rcode(), what.reply().length));
    }

    /** Where only part of the name may be told, addresses would tell the rest. */
    private DnsRecord record(DnsAnswered what, AppTag who, String name) {
        Instant now = wall.instant();
        Decision decision = what.decision();
        Verdict verdict = decision.equals(Decision.UNDECIDED)
                ? new Verdict(what.verdict(), "dns:standing")
                : new Verdict(what.verdict(), decision.verdict().reason());
        boolean udp = what.transport() == DnsTransport.UDP;
        boolean plain = udp || what.transport() == DnsTransport.TCP;
        return new DnsRecord(
                FlowId.at(now.toEpochMilli()),
                what.listener().name(),
                what.server().getAddress(),
                what.server().getPort(),
                udp ? Transport.UDP : Transport.TCP,
                plain ? "" : what.transport().label(),
                who,
                what.client(),
                now.minus(Duration.ofNanos(what.tookNanos())),
                now,
                name,
                what.type(),
                what.rcode(),
                personal.personal(who.profile()) ? NOTHING : what.reply(),
                verdict,
                decision.matches().stream()
                        .map(match -> new FlowRecord.MatchedRule(
                                match.name(), match.wanted(), match.mode(), match.effective()))
                        .toList(),
                decision.policy().isEmpty() ? judges.rules().version() : decision.policy());
    }
}
