package io.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.attack.Analytic;
import io.postern.analytics.attack.FiveAnalytics;
import io.postern.analytics.attack.Knob;
import io.postern.analytics.attack.Settings;
import io.postern.config.policy.Policy.Mode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What can be set is what analytics say can be set, under MITRE's names, and unset is their own defaults. */
class AnalyticsSettingsTest {

    /** Where else a knob is set, or that it is nowhere. */
    private static final Set<String> ELSEWHERE = Set.of("policy", "none");

    /** What every analytic has besides its knobs. */
    private static final List<String> OF_ALL =
            List.of("mode", "action", "throttle-rate", "enforce-coverage", "enforce-without");

    @TempDir
    Path folder;

    @Test
    void unsetTheyAreAsTheyShip() throws IOException {
        AnalyticsSettings read = new TestingSettings(folder).good("").analytics();

        assertThat(read.knobs()).isEqualTo(Settings.DEFAULTS);
        assertThat(read.modes())
                .hasSize(5)
                .allSatisfy((id, mode) -> assertThat(mode).isEqualTo(Mode.ALERT));
        assertThat(read.keys()).as("by the heap").isZero();
        assertThat(read.mode("AN1")).as("one that does not exist").isEqualTo(Mode.OFF);
    }

    static Stream<Analytic> analytics() {
        return FiveAnalytics.all(Settings.DEFAULTS).stream();
    }

    @ParameterizedTest
    @MethodSource("analytics")
    void everyKnobIsASetting(Analytic analytic) {
        JsonNode keys =
                SettingsReader.shape().schema().at("/properties/analytics/properties/" + analytic.id() + "/properties");

        List<String> names = new ArrayList<>(OF_ALL);
        for (Knob knob : analytic.knobs()) {
            if (!ELSEWHERE.contains(knob.type())) {
                names.add(knob.name());
                JsonNode key = keys.get(knob.name());
                assertThat(standard(key)).as(knob.name()).isEqualTo(knob.standard());
                assertThat(key.get("description").asString())
                        .isEqualTo(sentence(knob.meaning()) + " " + sentence(knob.reason()));
            }
        }
        assertThat(keys.propertyNames()).containsExactlyElementsOf(names);
    }

    private static String standard(JsonNode key) {
        JsonNode standard = key.get("default");
        return standard.isString() ? standard.asString() : standard.toString();
    }

    private static String sentence(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + ".";
    }

    @Test
    void whatIsOffDoesNotRun() throws IOException {
        AnalyticsSettings read = new TestingSettings(folder)
                .good("analytics: {AN1827: {mode: off}, AN1716: {mode: enforce}}")
                .analytics();

        assertThat(read.knobs().off()).containsExactly("AN1827");
        assertThat(read.mode("AN1716")).isEqualTo(Mode.ENFORCE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            analytics: {AN1771: {}}                                            | analytics.AN1771: no such setting (did you mean AN1770?)
            analytics: {AN1770: {time-window: 5m}}                             | analytics.AN1770.time-window: no such setting (did you mean TimeWindow?)
            analytics: {AN1770: {TimeWindow: 5}}                               | analytics.AN1770.TimeWindow: is 5, must be a duration, such as 300ms, 5s, 5m, 1h, 30d
            analytics: {AN1770: {TimeWindow: 2d}}                              | analytics.AN1770.TimeWindow: is 2d, must be at most 24h
            analytics: {AN1770: {BeaconIntervalTolerance: 1.5}}                | analytics.AN1770.BeaconIntervalTolerance: '1.5' is not a share, must be 0 to 1, such as 0.5
            analytics: {AN1770: {BeaconIntervalTolerance: 50}}                 | analytics.AN1770.BeaconIntervalTolerance: is 50, must be at most 1
            analytics: {AN1770: {AllowedServiceClasses: [mail]}}               | analytics.AN1770.AllowedServiceClasses[0]: 'mail' is not known
            analytics: {AN1827: {AllowedProtocolPortMappings: {tsl: [8443]}}}  | analytics.AN1827.AllowedProtocolPortMappings.tsl: 'tsl' is not a protocol (did you mean tls?)
            analytics: {AN1827: {AllowedProtocolPortMappings: {tls: [0]}}}     | analytics.AN1827.AllowedProtocolPortMappings.tls[0]: is 0, must be at least 1
            analytics: {keys: 16383}                                           | analytics.keys: is 16383, must be 0 or at least 16384
            analytics: {keys: 100000001}                                       | analytics.keys: is 100000001, must be at most 100000000
            analytics: {AN1827: {mode: block}}                                 | analytics.AN1827.mode: 'block' is not known, must be off, shadow, alert, enforce
            """)
    void saysWhatItIsAndWhatItMustBe(String yaml, String problem) throws IOException {
        assertThat(new TestingSettings(folder).problems(yaml))
                .anySatisfy(line -> assertThat(line).contains(problem));
    }
}
