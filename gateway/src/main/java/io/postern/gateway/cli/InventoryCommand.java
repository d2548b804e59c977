package io.postern.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** {@code inventory}: the apps of devices, by the admin API of a running gateway. */
@Command(
        name = "inventory",
        description = "Shows which apps are on which device, and approvals somebody should look at.",
        mixinStandardHelpOptions = true)
final class InventoryCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "list or report?");
    }

    @Command(name = "list", description = "Lists the apps of devices.", mixinStandardHelpOptions = true)
    int list(
            @Mixin AdminAccess access,
            @Option(names = "--device", paramLabel = "ID", description = "Of this device.") Optional<String> device,
            @Option(names = "--app", paramLabel = "PKG", description = "This app.") Optional<String> app,
            @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        Map<String, String> query = new LinkedHashMap<>(Map.of("limit", "1000"));
        device.ifPresent(id -> query.put("device", id));
        app.ifPresent(name -> query.put("app", name));
        ArrayNode all = JsonMapper.shared().createArrayNode();
        access.client().pages("/v1/inventory", query, page -> page.get("apps").forEach(all::add));
        if (json) {
            out().println(JsonMapper.shared().createObjectNode().set("apps", all));
            return Postern.OK;
        }
        Table table = new Table("DEVICE", "PROFILE", "APP", "VERSION", "MANAGED", "APPROVED", "OWNER", "TOLD");
        all.forEach(one -> table.row(
                Table.plain(one.get("device").asString()),
                Table.plain(one.get("profile").asString()),
                Table.plain(one.get("app").asString()),
                one.path("version").asString("-"),
                one.get("managed").asBoolean() ? "yes" : "no",
                one.at("/policy/approved").asBoolean(false) ? "yes" : "no",
                Table.plain(one.at("/policy/owner").asString("-")),
                one.get("told").asString()));
        table.print(out());
        return Postern.OK;
    }

    @Command(
            name = "report",
            description = "Tells which approvals of the policy are unused, exceeded, or overdue for review.",
            mixinStandardHelpOptions = true)
    int report(
            @Mixin AdminAccess access, @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        JsonNode reports = access.client().get("/v1/inventory/reports", Map.of());
        if (json) {
            out().println(reports);
            return Postern.OK;
        }
        Table table = new Table("APPROVAL", "APP", "OWNER", "WHY");
        reports.get("unused").forEach(one -> table.row("unused", app(one), owner(one), "on no device, no traffic"));
        reports.get("exceeded")
                .forEach(one -> table.row(
                        "exceeded",
                        app(one),
                        owner(one),
                        one.get("tainted").asString() + " tainted, "
                                + one.get("undecided").asString() + " undecided, such as "
                                + Table.plain(one.at("/examples/0").asString("-"))));
        reports.get("overdue")
                .forEach(one -> table.row(
                        "overdue",
                        app(one),
                        owner(one),
                        "review by " + one.get("review_by").asString()));
        table.print(out());
        return Postern.OK;
    }

    private static String app(JsonNode one) {
        return Table.plain(one.get("app").asString());
    }

    private static String owner(JsonNode one) {
        return Table.plain(one.path("owner").asString("-"));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
