package io.postern.analytics.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Evidence;
import io.postern.analytics.Evidence.Family;
import io.postern.analytics.Verdict.Action;
import io.postern.analytics.attack.Words;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.AppKey;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    private static final long T0 = 1_800_000_000_000L;

    private static Kept kept(String analytic, String destination) {
        FindingBook book = new FindingBook(BookSettings.DEFAULTS, new World(name -> name, Words::hard));
        Heard heard = new Heard();
        book.take(
                Finding.of(analytic, new AppKey("LC01", "work", "com.acme.app"), destination)
                        .uid("f1")
                        .score(75)
                        .evidence(List.of(
                                new Evidence(Family.STATE, "background-share", 0.93, 0.8, 10, true),
                                new Evidence(Family.CADENCE, "clock", Math.log(1_234_567), Math.log(30_000), 28, true),
                                new Evidence(Family.DESTINATION, "destination-outside-role", 1, 1, 30, true),
                                new Evidence(Family.CADENCE, "poll-declared", 1_800, 900, 40, false)))
                        .notVisible(List.of("lock"))
                        .at(T0 + 60_000)
                        .since(T0)
                        .seen(12, 12_500)
                        .finding(),
                Action.ALERT,
                "",
                T0 + 60_000,
                heard);
        return heard.kept.get(0);
    }

    @Test
    void saysWhatSomebodyCanForward() {
        assertThat(Explanation.of(kept("AN1681", "c2.evil.example"), Optional.empty())
                        .text())
                .isEqualTo("""
                        Web Protocols (AN1681): high, score 75, open
                        finding f1

                        What was seen
                          com.acme.app on device LC01 (profile work) returns to a destination in a rhythm that it does not declare: c2.evil.example.
                          12 check-ins from 2027-01-15T08:00:00Z to 2027-01-15T08:01:00Z, 12.5 kB sent.

                        Why it matters
                          Orders can be fetched by ordinary requests, or come by push messages: what gives them away is that an app returns without being asked.
                          T1437.001 Web Protocols, ATT&CK Mobile 19.1

                        What speaks for it
                           30  The app's role names its destinations, and this is none of them. (hard)
                           28  It comes back by a clock: 1 in 1,200,000 that this is chance, 1 in 30,000 would be enough.
                           10  93 % of it happens in the background or while locked; mostly is 80 %.

                        What speaks against it
                           40  The role declares a poll every 15 min, and it comes every 30 min.

                        What could not be seen
                          whether the device was locked: nobody tells

                        What would silence it rightly
                          If it is what the app is for: write it into the app's role in the policy (destinations, service classes, ports, background and its poll, crypto, uplink-limit).
                          If it is right and allowed for a time: an exception {app: com.acme.app, analytic: AN1681, destination: "c2.evil.example", owner, reason, until}.
                          If it is wrong: close it as false-positive; the like of it is suppressed until the evidence changes in kind.

                        Timeline
                          2027-01-15T08:01:00Z opened, score 75
                        """);
    }

    @Test
    void whatAPeerChoseCannotWriteLines() {
        String text = Explanation.of(kept("AN1681", "evil\u001b[2J\u202e.example"), Optional.empty())
                .text();
        assertThat(text.codePoints()
                        .filter(c ->
                                c != '\n' && (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT)))
                .isEmpty();
    }

    @Test
    void aMethodThatIsNoAnalyticIsExplainedToo() {
        Explanation explained = Explanation.of(kept("rita", "c2.evil.example"), Optional.empty());
        assertThat(explained.technique()).isEmpty();
        assertThat(explained.title()).isEqualTo("rita");
    }
}
