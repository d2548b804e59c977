package io.postern.config.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.config.SettingsReader;
import io.postern.config.policy.PolicyReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What is said at once is never more lenient than what the validator says. */
class FormTest {

    private static final String INPUTS = "/io/postern/config/policy/PolicyFuzzTestInputs/everyFileIsReadOrRefused/";
    /** What a document may have in the wrong place. */
    private static final List<String> ODD = List.of(
            "x",
            "",
            "-",
            "7",
            "-1",
            "70000",
            "true",
            "null",
            "~",
            "[]",
            "{}",
            "[a, 1]",
            "{a: b}",
            "\"\"",
            "\"a\\n\"",
            "5s");

    @Test
    void whatIsInOrderIsSaidSoAtOnce() throws IOException {
        assertThat(PolicyReader.shape().fits(read(text(INPUTS + "every-condition"))))
                .isTrue();
        assertThat(PolicyReader.shape().fits(read(text(INPUTS + "example")))).isTrue();
        assertThat(SettingsReader.shape().fits(read(text("/io/postern/config/postern.yaml"))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {INPUTS + "every-condition", INPUTS + "example", "/io/postern/config/postern.yaml"})
    void whatTheValidatorRefusesIsNeverSaidToFit(String resource) throws IOException {
        Shape shape = resource.startsWith(INPUTS) ? PolicyReader.shape() : SettingsReader.shape();
        String text = text(resource);
        Random random = new Random(20_261_121);
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            Optional<Setting> document =
                    Yaml.read("f.yaml", broken(text, random).getBytes(UTF_8), new Problems());
            if (document.isPresent() && !shape.validate(document.get()).isEmpty()) {
                assertThat(shape.fits(document.get())).isFalse();
                refused++;
            }
        }
        assertThat(refused).as("documents of another shape").isGreaterThan(20);
    }

    /** One word of it is another. */
    private static String broken(String text, Random random) {
        int from = random.nextInt(text.length());
        while (from > 0 && Character.isLetterOrDigit(text.charAt(from - 1))) {
            from--;
        }
        int to = from;
        while (to < text.length() && Character.isLetterOrDigit(text.charAt(to))) {
            to++;
        }
        return text.substring(0, from) + ODD.get(random.nextInt(ODD.size())) + text.substring(to);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"multipleOf\": 2}",
                "{\"pattern\": \"a\"}",
                "{\"properties\": {\"a\": {\"$ref\": \"#/$defs/n\", \"maxLength\": 9}}, \"$defs\": {\"n\": {\"maxLength\": 3}}}",
            })
    void aSchemaItDoesNotKnowIsTheBuildsBusiness(String schema) {
        assertThatThrownBy(() -> new Shape(JsonMapper.shared().readTree(schema)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("schema has ");
    }

    private static Setting read(String text) {
        return Yaml.read("f.yaml", text.getBytes(UTF_8), new Problems()).orElseThrow();
    }

    private static String text(String resource) throws IOException {
        try (InputStream in = FormTest.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(in, resource).readAllBytes(), UTF_8);
        }
    }
}
