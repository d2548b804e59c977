package io.postern.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code coverage}: of what share of the flows each analytic could judge, by the admin API of a running gateway. */
@Command(
        name = "coverage",
        description =
                "Shows of what share of the flows each analytic could judge fully, in part or not at all, and why.",
        mixinStandardHelpOptions = true)
final class CoverageCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private AdminAccess access = new AdminAccess();

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Writes it into a signed file instead, with every hour that is kept; see 'evidence verify'.")
    private Optional<Path> file = Optional.empty();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (file.isPresent()) {
            EvidenceCommand.write(file.get(), access.client().bytes("/v1/coverage/export", "application/zip"), out);
            return Postern.OK;
        }
        JsonNode report = access.client().get("/v1/coverage", Map.of());
        if (json) {
            out.println(report);
            return Postern.OK;
        }
        for (JsonNode span : report.get("spans")) {
            out.println(span.get("name").asString() + ": " + span.get("flows").asLong() + " flows from "
                    + span.get("from").asString() + " to " + span.get("to").asString());
            Table table = new Table("ANALYTIC", "FULL", "DEGRADED", "BLIND", "MISSING");
            span.get("analytics")
                    .forEach(one -> table.row(
                            one.get("analytic").asString(),
                            percent(one.get("full")),
                            percent(one.get("degraded")),
                            percent(one.get("blind")),
                            missing(one.get("missing"))));
            table.print(out);
        }
        return Postern.OK;
    }

    private static String percent(JsonNode share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share.asDouble());
    }

    private static String missing(JsonNode gaps) {
        StringJoiner all = new StringJoiner(", ");
        gaps.forEach(gap -> all.add(gap.get("fact").asString() + " ("
                + gap.get("reason").asString() + ") of " + gap.get("flows").asLong()));
        return all.length() == 0 ? "-" : all.toString();
    }
}
