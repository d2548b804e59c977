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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code quarantine}: who is contained, by the admin API of a running gateway. */
@Command(
        name = "quarantine",
        description = "Contains apps and devices, and releases them.",
        mixinStandardHelpOptions = true)
final class QuarantineCommand implements Runnable {

    private static final int WIDEST = 44;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "list, add or release?");
    }

    @Command(name = "list", description = "Lists quarantines, newest first.", mixinStandardHelpOptions = true)
    int list(
            @Mixin AdminAccess access,
            @Option(names = "--device", paramLabel = "ID", description = "Of this device.") Optional<String> device,
            @Option(names = "--app", paramLabel = "PKG", description = "Of this app.") Optional<String> app,
            @Option(
                            names = "--state",
                            paramLabel = "NAME",
                            defaultValue = "active",
                            description = "active (without it), released, expired or all.")
                    String state,
            @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        Map<String, String> query = new LinkedHashMap<>();
        device.ifPresent(value -> query.put("device", value));
        app.ifPresent(value -> query.put("app", value));
        query.put("state", state);
        query.put("limit", "1000");
        ArrayNode all = JsonMapper.shared().createArrayNode();
        access.client()
                .pages("/v1/quarantine", query, page -> page.get("quarantines").forEach(all::add));
        if (json) {
            ObjectNode whole = JsonMapper.shared().createObjectNode();
            whole.set("quarantines", all);
            out().println(whole);
            return Postern.OK;
        }
        Table table = new Table("QUARANTINE", "STATE", "DEVICE", "PROFILE", "APP", "UNTIL", "BY", "REASON");
        all.forEach(one -> table.row(
                one.get("id").asString(),
                one.get("state").asString(),
                Table.plain(one.get("device").asString()),
                text(one, "profile", "all"),
                Table.start(text(one, "app", "all"), WIDEST),
                text(one, "until", "released"),
                Table.plain(one.get("actor").asString()),
                Table.start(Table.plain(one.get("reason").asString()), WIDEST)));
        table.print(out());
        return Postern.OK;
    }

    private static String text(JsonNode one, String member, String otherwise) {
        return Table.plain(one.path(member).asString(otherwise));
    }

    @Command(
            name = "add",
            description = {
                "Contains a device, one of its profiles, or an app on it; its live flows are cut at once.",
                "The reason is shown to whoever has the device."
            },
            mixinStandardHelpOptions = true)
    int add(
            @Mixin AdminAccess access,
            @Option(names = "--device", required = true, paramLabel = "ID", description = "This device.") String device,
            @Option(names = "--profile", paramLabel = "NAME", description = "This profile; without it all.")
                    Optional<String> profile,
            @Option(names = "--app", paramLabel = "PKG", description = "This app; without it all.")
                    Optional<String> app,
            @Option(names = "--ttl", paramLabel = "TIME", description = "Such as 60m; without it as the settings say.")
                    Optional<String> ttl,
            @Option(names = "--sticky", description = "Until it is released.") boolean sticky,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.") String reason,
            @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        ObjectNode body = JsonMapper.shared().createObjectNode().put("device", device);
        profile.ifPresent(value -> body.put("profile", value));
        app.ifPresent(value -> body.put("app", value));
        ttl.ifPresent(value -> body.put("ttl", value));
        body.put("sticky", sticky).put("reason", reason);
        JsonNode contained = access.client().post("/v1/quarantine", body);
        out().println(
                        json
                                ? contained.toString()
                                : contained.get("id").asString() + " until "
                                        + text(contained, "until", "it is released"));
        return Postern.OK;
    }

    @Command(name = "release", description = "Ends a quarantine.", mixinStandardHelpOptions = true)
    int release(
            @Mixin AdminAccess access,
            @Parameters(paramLabel = "ID", description = "As 'quarantine list' names it.") String id,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.") String reason,
            @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        JsonNode over = access.client().delete("/v1/quarantine/" + AdminClient.encoded(id), Map.of("reason", reason));
        out().println(
                        json
                                ? over.toString()
                                : over.get("state").asString() + " "
                                        + over.get("id").asString());
        return Postern.OK;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
