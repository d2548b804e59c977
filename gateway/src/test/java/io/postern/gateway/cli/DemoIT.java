package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo itself, as whoever tries it has it. */
class DemoIT {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void findsEveryImplantByAllFiveAndNothingElse() {
        assertThat(demo("--seed", "2", "--json")).as(err::toString).isEqualTo(Postern.OK);

        JsonNode report = JsonMapper.shared().readTree(out.toString());
        assertThat(report.at("/run").asInt())
                .isPositive()
                .isEqualTo(report.at("/errands").asInt());
        assertThat(report.at("/implants").asInt()).isEqualTo(6);
        assertThat(report.at("/implantsFound").asInt()).isEqualTo(6);
        assertThat(report.at("/benignWithFindings").asInt()).isZero();
        assertThat(report.at("/weeks/whole").asBoolean()).isTrue();
        Set<String> analytics = new HashSet<>();
        for (JsonNode finding : report.at("/findings")) {
            analytics.add(finding.at("/analytic").asString());
            assertThat(finding.at("/evidence").asString()).isNotBlank();
        }
        assertThat(analytics).containsExactlyInAnyOrder("AN1681", "AN1716", "AN1770", "AN1793", "AN1827");
    }

    @Test
    void saysWhatItDidNotGetTo() {
        assertThat(demo("--duration", "1ms")).isEqualTo(Postern.FAILED);

        assertThat(out.toString()).contains("The time was up after").endsWith("""
                0 implants found of 6, 0 benign apps with findings
                """);
        assertThat(err.toString()).contains("hours of device time");
    }

    private int demo(String... options) {
        String[] arguments = new String[options.length + 3];
        arguments[0] = "demo";
        arguments[1] = "--duration";
        arguments[2] = "10m";
        System.arraycopy(options, 0, arguments, 3, options.length);
        return Postern.commandLine(Clock.systemUTC())
                .setOverwrittenOptionsAllowed(true)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
