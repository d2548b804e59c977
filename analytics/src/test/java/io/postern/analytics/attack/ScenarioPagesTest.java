package io.postern.analytics.attack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page of each analytic has its knobs as they are; with {@code -Dpostern.regenerate} they are written into it. */
class ScenarioPagesTest {

    private static final String BEGIN = "<!-- knobs, made from the code -->\n";
    private static final String END = "<!-- end of knobs -->\n";
    private static final boolean REGENERATE = System.getProperty("postern.regenerate") != null;

    static Stream<Analytic> analytics() {
        return FiveAnalytics.all(Settings.DEFAULTS).stream();
    }

    @ParameterizedTest
    @MethodSource("analytics")
    void knobsAreThoseOfTheCode(Analytic analytic) throws IOException {
        Path page = Path.of("../docs/analytics/" + analytic.id() + ".md");
        String text = Files.readString(page, UTF_8);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        int to = text.indexOf(END);
        String made = text.substring(0, from) + table(analytic) + text.substring(to);
        if (REGENERATE) {
            Files.writeString(page, made, UTF_8);
        }
        assertThat(page).content(UTF_8).isEqualTo(made);
        assertThat(made).startsWith("# " + analytic.id() + " — " + analytic.title() + " (" + analytic.technique());
    }

    private static String table(Analytic analytic) {
        StringBuilder table = new StringBuilder("| knob | default | what it does | why so |\n|---|---|---|---|\n");
        for (Knob knob : analytic.knobs()) {
            table.append("| `")
                    .append(knob.name())
                    .append("` | ")
                    .append(standard(knob))
                    .append(" | ")
                    .append(knob.meaning())
                    .append(" | ")
                    .append(knob.reason())
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String standard(Knob knob) {
        return switch (knob.type()) {
            case "policy" -> "in policy: " + knob.standard();
            case "none" -> "not set";
            default -> "`" + knob.standard() + "`";
        };
    }
}
