package io.postern.analytics.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Evidence;
import io.postern.analytics.Evidence.Family;
import io.postern.analytics.context.FactKind;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WordsTest {

    /** The names of features are the constants of this package that look like one. */
    @Test
    void everyFeatureOfTheFiveHasASentence() throws Exception {
        Set<String> features = features();

        assertThat(features).hasSizeGreaterThan(50);
        assertThat(Words.features()).containsAll(features);
    }

    private static Set<String> features() throws IOException, URISyntaxException, ReflectiveOperationException {
        Path folder = Path.of(Objects.requireNonNull(Scales.class.getResource("Scales.class"))
                        .toURI())
                .getParent();
        Set<String> features = new TreeSet<>();
        try (Stream<Path> classes = Files.list(Objects.requireNonNull(folder))) {
            for (String name : classes.map(each -> each.getFileName().toString())
                    .filter(each -> each.endsWith(".class") && !each.equals("package-info.class"))
                    .toList()) {
                Class<?> type = Class.forName(Scales.class.getPackageName() + "." + name.replaceFirst("[.]class$", ""));
                for (Field field : type.getDeclaredFields()) {
                    if (field.getType() == String.class
                            && Modifier.isStatic(field.getModifiers())
                            && !Modifier.isPrivate(field.getModifiers())) {
                        field.setAccessible(true);
                        features.add(String.valueOf(field.get(null)));
                    }
                }
            }
        }
        features.removeIf(each -> !each.matches("[a-z]+(-[a-z]+)*"));
        return features;
    }

    @Test
    void everyFactThatMayBeUnseenHasWords() {
        assertThat(Words.unseen())
                .containsAll(
                        Arrays.stream(FactKind.values()).map(FactKind::label).toList())
                .contains("baseline", "name");
    }

    @Test
    void numbersAreInUnitsOfPeople() {
        assertThat(say("clock", Math.log(30_000), Math.log(30_000))).contains("1 in 30,000 that this is chance");
        assertThat(say("upload", 12_345_678, 1 << 20)).contains("12.3 MB").contains("1.0 MB");
        assertThat(say("background-share", 0.934, 0.8)).startsWith("93 %").contains("80 %");
        assertThat(say("poll-declared", 5_400, 900)).contains("every 15 min").contains("every 1 h 30 min");
        assertThat(say("port-not-of-protocol", 8443, 0)).contains("port 8443");
        assertThat(say("clock", Double.POSITIVE_INFINITY, 1)).contains("1 in ");
    }

    @Test
    void whatNobodyHasWordsForIsSaidWithItsName() {
        assertThat(say("made-up", 1.25, 1)).isEqualTo("made-up is 1.3, counts from 1 on.");
        assertThat(Words.ofUnseen("made-up")).isEqualTo("made-up");
    }

    @Test
    void whatAnAgentToldIsHardWhateverItIs() {
        assertThat(Words.hard(new Evidence(Family.TELEMETRY, "made-up", 1, 1, 1, true)))
                .isTrue();
        assertThat(Words.hard(new Evidence(Family.TELEMETRY, "crypto-expected", 1, 1, 1, false)))
                .isFalse();
        assertThat(Words.hard(new Evidence(Family.DESTINATION, "destination-outside-role", 1, 1, 1, true)))
                .isTrue();
        assertThat(Words.hard(new Evidence(Family.CADENCE, "clock", 14, 10, 28, true)))
                .isFalse();
    }

    private static String say(String feature, double value, double threshold) {
        return Words.of(new Evidence(Family.CADENCE, feature, value, threshold, 10, true));
    }
}
