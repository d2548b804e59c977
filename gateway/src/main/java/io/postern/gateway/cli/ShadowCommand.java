package io.postern.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code shadow}: what rules would have done were they enforced, by the admin API of a running gateway. */
@Command(
        name = "shadow",
        description = "Shows which flows rules and findings would have ended or slowed down were they enforced.",
        mixinStandardHelpOptions = true)
final class ShadowCommand implements Callable<Integer> {

    /** Characters of a name. */
    private static final int NAME = 40;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private AdminAccess access = new AdminAccess();

    private enum By {
        APP,
        DEVICE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--by",
            description = "Whose flows are counted together: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
            defaultValue = "app")
    private By by = By.APP;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        JsonNode report = access.client().get("/v1/policy/shadow", Map.of("by", by.toString()));
        if (json) {
            out.println(report);
            return Postern.OK;
        }
        out.println("since " + report.get("since").asString());
        Table table = by == By.APP
                ? new Table("WOULD", "APP", "RULE", "FLOWS", "DEVICES", "MODE", "BECAUSE")
                : new Table("WOULD", "DEVICE", "RULE", "FLOWS", "APPS", "MODE", "BECAUSE");
        report.get("rows")
                .forEach(row -> table.row(
                        row.get("action").asString(),
                        Table.plain(Table.end(row.get(by.toString()).asString(), NAME)),
                        Table.plain(Table.end(row.get("rule").asString(), NAME)),
                        Long.toString(row.get("flows").asLong()),
                        Long.toString(row.get(by == By.APP ? "devices" : "apps").asLong()),
                        row.get("mode").asString(),
                        row.get("because").asString()));
        table.print(out);
        return Postern.OK;
    }
}
