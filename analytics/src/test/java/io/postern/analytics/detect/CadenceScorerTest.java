package io.postern.analytics.detect;

import static io.postern.analytics.Flows.MINUTE;
import static io.postern.analytics.Flows.START;
import static io.postern.analytics.Flows.opened;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CadenceScorerTest {

    @Test
    void ranksABeaconAboveEverythingElse() {
        CadenceScorer scorer = new CadenceScorer();
        Random random = new Random(1);
        for (int i = 0; i < 100; i++) {
            long at = START + 5 * MINUTE * i;
            scorer.observe(opened("implant", "home.example", at + random.nextInt(60_000)), finding -> {});
            scorer.observe(opened("browser", "news.example", START + random.nextInt(30_000_000)), finding -> {});
        }
        Map<String, Score> scores = new HashMap<>();
        scorer.scores(score -> scores.put(score.destination(), score));
        assertThat(scores).hasSize(2);
        Score beacon = requireNonNull(scores.get("home.example"));
        assertThat(beacon.score()).isGreaterThan(90);
        assertThat(beacon.checkIns()).isEqualTo(100);
        assertThat(beacon.analytic()).isEqualTo("cadence");
        assertThat(beacon.key().app()).isEqualTo("implant");
        assertThat(requireNonNull(scores.get("news.example")).score()).isLessThan(70);
    }
}
