package io.postern.gateway;

import io.postern.analytics.flow.AppTag;
import io.postern.gateway.analytics.Homes;
import io.postern.gateway.detect.Asked;
import io.postern.gateway.detect.FlowLine.Question;
import io.postern.gateway.dns.DnsAnswered;
import io.postern.gateway.dns.DnsWitness;
import io.postern.gateway.records.PersonalProfiles;
import io.postern.wire.ip.AddressText;
import java.time.Clock;
import java.util.Optional;

/** Tells the world of what devices ask the gateway itself. */
final class QuestionReports implements DnsWitness {

    /** Whose a question is where the system asks for apps and does not say for which. */
    private static final String SYSTEM_RESOLVER = "netd";

    private final Optional<Homes> homes;
    private final PersonalProfiles personal;
    private final Clock wall;

    /** @param homes told of questions where anything is to be detected */
    QuestionReports(Optional<Homes> homes, PersonalProfiles personal, Clock wall) {
        this.homes = homes;
        this.personal = personal;
        this.wall = wall;
    }

    @Override
    public void answered(DnsAnswered what) {
        AppTag who = asker(what.who());
        Optional<String> name = personal.name(who.profile(), what.name());
        if (homes.isPresent() && name.isPresent()) {
            homes.get()
                    .asked(new Asked(
                            who,
                            what.client().getAddress(),
                            AddressText.of(what.listener().bind().address()),
                            what.listener().bind().port(),
                            new Question(wall.millis(), name.get(), what.type(), what.rcode(), what.reply().length)));
        }
    }

    private static AppTag asker(AppTag who) {
        return who.attributed() && who.app().equals(AppTag.NOBODY) ? who.of(SYSTEM_RESOLVER, who.appAssurance()) : who;
    }
}
