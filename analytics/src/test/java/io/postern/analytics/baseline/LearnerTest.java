package io.postern.analytics.baseline;

import static io.postern.analytics.baseline.Flows.APP;
import static io.postern.analytics.baseline.Flows.day;
import static io.postern.analytics.baseline.Flows.flow;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.Protocol;
import org.junit.jupiter.api.Test;

class LearnerTest {

    private final Lessons lessons = new Lessons();
    private final Learner learner = lessons.learner;

    @Test
    void proposesWhatEnoughDevicesShowOnEnoughDays() {
        lessons.learn("acme.example", 3, 3);

        assertThat(lessons.destination("acme.example", 3).standing()).isEqualTo(Standing.PROPOSED);
        assertThat(lessons.destination("acme.example", 3).devices()).isEqualTo(3);
        assertThat(lessons.destination("acme.example", 3).days()).isEqualTo(3);
        assertThat(lessons.destination("acme.example", 3).flows()).isEqualTo(9);
    }

    @Test
    void countsDevicesAndNotFlows() {
        lessons.learn("one-device.example", 1, 30);
        lessons.learn("one-day.example", 30, 1);

        assertThat(lessons.destination("one-device.example", 3).standing()).isEqualTo(Standing.LEARNING);
        assertThat(lessons.destination("one-device.example", 3).devices()).isEqualTo(1);
        assertThat(lessons.destination("one-day.example", 3).standing()).isEqualTo(Standing.LEARNING);
        assertThat(lessons.destination("one-day.example", 3).days()).isEqualTo(1);
        assertThat(lessons.destination("never.example", 3)).isEqualTo(Known.ABSENT);
    }

    @Test
    void answersEveryTraitOfAnAppAndOfItsCategory() {
        lessons.learn("acme.example", 3, 3);
        lessons.approve(Lessons.SEVEN, 0);

        Profile mail = learner.snapshot(day(3)).app(APP);
        assertThat(mail.approved()).isTrue();
        for (Known known : new Known[] {
            mail.find(Trait.SERVICE_CLASS, "collaboration", Situation.BACKGROUND),
            mail.find(Trait.DESTINATION, "acme.example", Situation.BACKGROUND),
            mail.find(Trait.PORT, "tls:443", Situation.BACKGROUND),
            mail.port(Protocol.TLS, 443, Situation.BACKGROUND),
            mail.find(Trait.REQUEST, "POST api", Situation.BACKGROUND),
            mail.find(Trait.HEADERS, "order1", Situation.BACKGROUND),
            mail.find(Trait.JA4, "t13d1516h2_aaaa_bbbb", Situation.BACKGROUND),
            mail.find(Trait.ALPN, "h2", Situation.BACKGROUND),
            mail.find(Trait.BYTES_UP, Bands.bytes(3_500), Situation.BACKGROUND),
            mail.find(Trait.BYTES_DOWN, Bands.bytes(70_000), Situation.BACKGROUND),
            mail.find(Trait.RATE, Bands.rate(1), Situation.BACKGROUND),
            mail.cadence(86_400, Situation.BACKGROUND),
        }) {
            assertThat(known.standing()).as(known.id()).isIn(Standing.APPROVED, Standing.LEARNING);
            assertThat(known.devices()).as(known.id()).isEqualTo(3);
        }
        assertThat(mail.port(Protocol.TLS, 4443, Situation.BACKGROUND)).isEqualTo(Known.ABSENT);
        assertThat(mail.port(Protocol.HTTP, 443, Situation.BACKGROUND)).isEqualTo(Known.ABSENT);
        assertThat(mail.devicesAsking("POST", "api")).isEqualTo(3);
        assertThat(mail.devicesAsking("PUT", "api")).isZero();
        assertThat(mail.devicesAsking("POST a", "pi")).isZero();
        assertThat(mail.devicesSending(3_500)).isEqualTo(3);
        assertThat(mail.devicesSending(9_000_000)).isZero();
        assertThat(mail.find(Trait.HOURS, "wed 08-12", Situation.BACKGROUND).devices())
                .isEqualTo(3);
        assertThat(mail.devicesAtHour(day(2))).isEqualTo(3);
        assertThat(mail.devicesOnPort(Protocol.TLS, 443)).isEqualTo(3);
        assertThat(mail.devicesOnPort(Protocol.TLS, 4443)).isZero();
        assertThat(learner.snapshot(day(3))
                        .category("mail")
                        .find(Trait.DESTINATION, "acme.example", Situation.BACKGROUND)
                        .standing())
                .isEqualTo(Standing.PROPOSED);
    }

    @Test
    void tellsTheSituationsApart() {
        lessons.learn("acme.example", 3, 3);
        Profile mail = learner.snapshot(day(3)).app(APP);

        assertThat(mail.find(Trait.DESTINATION, "acme.example", Situation.ACTIVE))
                .isEqualTo(Known.ABSENT);
        assertThat(mail.find(Trait.DESTINATION, "acme.example", Situation.UNKNOWN)
                        .situation())
                .isEqualTo(Situation.BACKGROUND);
    }

    @Test
    void answersWithWhatWasSeenBeforeAnybodyReportedTheSituation() {
        learner.learn(new Sighting(
                flow(APP, "d1", "acme.example", 443, day(0)), "", Lessons.SEVEN, Situation.UNKNOWN, 1, 1, false));

        assertThat(lessons.destination("acme.example", 1).situation()).isEqualTo(Situation.UNKNOWN);
    }

    @Test
    void takesAnApprovalFromBeforeAnybodyReportedTheSituation() {
        for (int device = 0; device < 3; device++) {
            for (int day = 0; day < 3; day++) {
                Flow flow = flow(APP, "d" + device, "acme.example", 443, day(day));
                learner.learn(new Sighting(flow, "", Lessons.SEVEN, Situation.UNKNOWN, 1, 1, false));
            }
        }
        lessons.approve(Lessons.SEVEN, 0);
        lessons.learn("acme.example", 1, 1);

        assertThat(lessons.destination("acme.example", 3).standing()).isEqualTo(Standing.APPROVED);
    }
}
