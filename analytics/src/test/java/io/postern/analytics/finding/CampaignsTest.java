package io.postern.analytics.finding;

import static io.postern.analytics.finding.TestingBook.HOUR;
import static io.postern.analytics.finding.TestingBook.T0;
import static io.postern.analytics.finding.TestingBook.word;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.finding.TestingBook.Word;
import org.junit.jupiter.api.Test;

class CampaignsTest {

    private final TestingBook it = new TestingBook();

    @Test
    void oneDestinationOnManyDevicesIsACampaign() {
        for (int device = 1; device <= 13; device++) {
            Word word = word(T0 + device, 10);
            word.uid = "f" + device;
            word.device = "LC" + device;
            word.app = device == 7 ? "com.other" : "com.acme.app";
            word.destination = "n" + device + ".evil.example";
            word.analytic = device % 2 == 0 ? "AN1681" : "AN1793";
            it.take(word);
            it.take(word);
        }

        assertThat(it.heard.take())
                .filteredOn(told -> told.startsWith("campaign"))
                .containsExactly("campaign create 3", "campaign update 6", "campaign update 12");
        Campaign campaign = it.book.campaigns().get(0);
        assertThat(campaign.destination()).isEqualTo("evil.example");
        assertThat(campaign.technique()).isEqualTo("T1437");
        assertThat(campaign.devices()).isEqualTo(13);
        assertThat(campaign.apps()).isEqualTo(2);
        assertThat(campaign.uid()).isEqualTo(it.find("f1").campaign());
        assertThat(campaign.firstMillis()).isEqualTo(T0 - HOUR);
        assertThat(campaign.lastMillis()).isEqualTo(T0 + 13);
    }

    @Test
    void aCampaignIsAnAlertOnceOneOfItIsMoreThanInShadow() {
        for (int device = 1; device <= 4; device++) {
            Word word = word(T0, 10);
            word.uid = "f" + device;
            word.device = "LC" + device;
            it.book.take(word.word(), device == 4 ? Action.ALERT : Action.ALLOW, "", T0, it.heard);
            if (device == 3) {
                assertThat(it.heard.take()).contains("campaign create 3");
                assertThat(it.book.campaigns().get(0).alert()).isFalse();
            }
        }
        assertThat(it.heard.take()).containsExactly("create f4", "campaign update 4");
        assertThat(it.book.campaigns().get(0).alert()).isTrue();
    }

    @Test
    void whatIsHarmlessIsInNoCampaign() {
        for (int device = 1; device <= 3; device++) {
            Word word = word(T0, 10);
            word.uid = "f" + device;
            word.device = "LC" + device;
            it.take(word);
        }
        assertThat(it.book.campaigns()).hasSize(1);
        it.close("f2", Conclusion.BENIGN, T0 + 1);
        assertThat(it.book.campaigns()).isEmpty();
    }
}
