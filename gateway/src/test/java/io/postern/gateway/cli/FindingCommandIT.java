package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.gateway.e2e.TestingFinding;
import io.postern.gateway.e2e.TestingGateway;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Findings of a running gateway, on its command line. */
class FindingCommandIT {

    @TempDir
    Path dir;

    private TestingTerminal terminal = new TestingTerminal();

    @Test
    void findingsAreListedShownExplainedAndClosed() throws Exception {
        TestingFinding finding = TestingFinding.of("LC01");
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            long now = System.currentTimeMillis();
            gateway.gateway().findings().accept(finding.at(now));
            gateway.gateway().findings().accept(finding.by("AN1827").score(45).at(now));
            await().until(() -> run(gateway, "finding", "list", "--json") == Postern.OK
                    && json().get("findings").size() == 2);

            assertThat(run(gateway, "finding", "list", "--severity", "high")).isEqualTo(Postern.OK);
            assertThat(terminal.out().lines().toList())
                    .hasSize(2)
                    .last()
                    .asString()
                    .containsPattern(
                            finding.uid() + " +AN1793 +High +75 +open +LC01 +com.acme.app +c2.evil.example +clock");
            assertThat(run(gateway, "finding", "show", finding.uid())).isEqualTo(Postern.OK);
            assertThat(json().at("/class_uid").asInt()).isEqualTo(2004);
            assertThat(run(gateway, "explain", finding.uid())).isEqualTo(Postern.OK);
            assertThat(terminal.out()).contains("What speaks for it").contains("It comes back by a clock");
            assertThat(run(gateway, "explain", finding.uid(), "--json")).isEqualTo(Postern.OK);
            assertThat(json().at("/score").asInt()).isEqualTo(75);

            assertThat(run(gateway, "finding", "close", finding.uid(), "--verdict", "benign", "--reason", "our backup"))
                    .isEqualTo(Postern.OK);
            assertThat(terminal.out()).isEqualTo("closed " + finding.uid() + " as benign" + System.lineSeparator());
            assertThat(run(gateway, "finding", "list", "--status", "closed")).isEqualTo(Postern.OK);
            assertThat(terminal.out()).contains("closed (benign)");
        }
    }

    @Test
    void verdictsAreCountedByAnalyticAndApp() throws Exception {
        TestingFinding right = TestingFinding.of("LC01");
        TestingFinding wrong = right.by("AN1827").score(45);
        TestingFinding open = TestingFinding.of("LC02");
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            long now = System.currentTimeMillis();
            for (TestingFinding each : new TestingFinding[] {right, wrong, open}) {
                gateway.gateway().findings().accept(each.at(now));
            }
            await().until(() -> run(gateway, "finding", "list", "--json") == Postern.OK
                    && json().get("findings").size() == 3);
            run(gateway, "finding", "close", right.uid(), "--verdict", "true-positive", "--reason", "cleaned");
            run(gateway, "finding", "close", wrong.uid(), "--verdict", "false-positive", "--reason", "our port");

            assertThat(run(gateway, "finding", "verdicts", "--json")).isEqualTo(Postern.OK);
            JsonNode verdicts = json().get("verdicts");
            assertThat(verdicts).hasSize(4);
            assertThat(verdicts.get(0).get("analytic").asString()).isEqualTo("AN1793");
            assertThat(verdicts.get(0).has("app")).isFalse();
            assertThat(verdicts.get(0).get("true_positive").asInt()).isEqualTo(1);
            assertThat(verdicts.get(0).get("unanswered").asInt()).isEqualTo(1);
            assertThat(verdicts.get(0).get("precision").asDouble()).isEqualTo(1);
            assertThat(verdicts.get(3).get("app").asString()).isEqualTo("com.acme.app");
            assertThat(verdicts.get(3).get("false_positive").asInt()).isEqualTo(1);
            assertThat(verdicts.get(3).get("precision").asDouble()).isZero();

            assertThat(run(gateway, "finding", "verdicts", "--analytic", "AN1793"))
                    .isEqualTo(Postern.OK);
            assertThat(terminal.out().lines().toList())
                    .hasSize(3)
                    .element(1)
                    .asString()
                    .containsPattern("AN1793 +\\* +1 +0 +0 +100.0 % +1 +0");
        }
    }

    @Test
    void whatIsWrongIsToldInTheGatewaysWords() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            assertThat(run(gateway, "explain", "no/body")).isEqualTo(Postern.FAILED);
            assertThat(terminal.err()).contains("there is no finding of this id");
            assertThat(run(gateway, "finding", "close", "nobody", "--verdict", "maybe", "--reason", "r"))
                    .isEqualTo(Postern.FAILED);
            assertThat(terminal.err()).contains("must be true-positive, false-positive or benign");
            assertThat(run(gateway, "finding", "close", "nobody", "--reason", "r"))
                    .isEqualTo(Postern.BAD_USAGE_OR_CONFIGURATION);
        }
    }

    private int run(TestingGateway gateway, String... arguments) {
        terminal = new TestingTerminal();
        return terminal.run(Stream.concat(
                        Stream.of(arguments),
                        Stream.of(
                                "--url",
                                "http://127.0.0.1:"
                                        + gateway.gateway().adminAddress().getPort(),
                                "--token-file",
                                dir.resolve("var/admin/token").toString()))
                .toArray(String[]::new));
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(terminal.out());
    }
}
