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

/** {@code finding}: what was found, by the admin API of a running gateway. */
@Command(name = "finding", description = "Shows findings, and answers them.", mixinStandardHelpOptions = true)
final class FindingCommand implements Runnable {

    private static final int WIDEST = 44;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "list, show, close or verdicts?");
    }

    /** Which ones. */
    static final class Which {
        @Option(names = "--device", paramLabel = "ID", description = "Of this device.")
        private Optional<String> device = Optional.empty();

        @Option(names = "--app", paramLabel = "PKG", description = "Of this app.")
        private Optional<String> app = Optional.empty();

        @Option(names = "--analytic", paramLabel = "ID", description = "Of this analytic, such as AN1793.")
        private Optional<String> analytic = Optional.empty();

        @Option(names = "--severity", paramLabel = "NAME", description = "At least low, medium, high or critical.")
        private Optional<String> severity = Optional.empty();

        @Option(names = "--status", paramLabel = "NAME", description = "open, in-progress, suppressed or closed.")
        private Optional<String> status = Optional.empty();

        @Option(names = "--since", paramLabel = "TIME", description = "Seen then or later, 2027-01-31T08:00:00Z.")
        private Optional<String> since = Optional.empty();

        @Option(
                names = "--destination",
                paramLabel = "NAME",
                description = "To this name, *.acme.example for the end of names, or this address.")
        private Optional<String> destination = Optional.empty();

        @Option(names = "--campaign", paramLabel = "ID", description = "Of this campaign.")
        private Optional<String> campaign = Optional.empty();

        Map<String, String> query() {
            Map<String, String> query = new LinkedHashMap<>();
            device.ifPresent(value -> query.put("device", value));
            app.ifPresent(value -> query.put("app", value));
            analytic.ifPresent(value -> query.put("analytic", value));
            severity.ifPresent(value -> query.put("severity", value));
            status.ifPresent(value -> query.put("status", value));
            since.ifPresent(value -> query.put("since", value));
            destination.ifPresent(value -> query.put("destination", value));
            campaign.ifPresent(value -> query.put("campaign", value));
            return query;
        }
    }

    @Command(name = "list", description = "Lists findings, newest first.", mixinStandardHelpOptions = true)
    int list(
            @Mixin AdminAccess access,
            @Mixin Which which,
            @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        Map<String, String> query = which.query();
        query.put("limit", "1000");
        ArrayNode all = JsonMapper.shared().createArrayNode();
        access.client()
                .pages("/v1/findings", query, page -> page.get("findings").forEach(all::add));
        if (json) {
            ObjectNode whole = JsonMapper.shared().createObjectNode();
            whole.set("findings", all);
            out().println(whole);
            return Postern.OK;
        }
        Table table = new Table(
                "FINDING", "ANALYTIC", "SEVERITY", "SCORE", "STATUS", "DEVICE", "APP", "DESTINATION", "MAIN EVIDENCE");
        all.forEach(one -> table.row(
                one.at("/finding_info/uid").asString(),
                one.at("/finding_info/analytic/uid").asString(),
                one.get("severity").asString(),
                one.get("risk_score").asString(),
                status(one),
                Table.plain(one.at("/device/uid").asString()),
                Table.start(Table.plain(one.at("/actor/app_uid").asString()), WIDEST),
                Table.end(Table.plain(one.at("/unmapped/postern/destination").asString()), WIDEST),
                mainEvidence(one)));
        table.print(out());
        return Postern.OK;
    }

    private static String status(JsonNode finding) {
        String verdict = finding.at("/unmapped/postern/review/verdict").asString("");
        return finding.at("/unmapped/postern/status").asString() + (verdict.isEmpty() ? "" : " (" + verdict + ")");
    }

    private static String mainEvidence(JsonNode finding) {
        String main = "-";
        int weight = -1;
        for (JsonNode one : finding.at("/unmapped/postern/evidence")) {
            if (one.get("for").asBoolean() && one.get("weight").asInt() > weight) {
                weight = one.get("weight").asInt();
                main = one.get("feature").asString();
            }
        }
        return Table.plain(main);
    }

    @Command(name = "show", description = "Prints one finding, as its record has it.", mixinStandardHelpOptions = true)
    int show(
            @Mixin AdminAccess access,
            @Parameters(paramLabel = "ID", description = "As 'finding list' names it.") String id)
            throws IOException {
        out().println(JsonMapper.shared()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(access.client().get("/v1/findings/" + AdminClient.encoded(id), Map.of())));
        return Postern.OK;
    }

    @Command(
            name = "close",
            description = {
                "Closes a finding with what you make of it.",
                "After false-positive and benign its like is suppressed until the evidence changes in kind."
            },
            mixinStandardHelpOptions = true)
    int close(
            @Mixin AdminAccess access,
            @Parameters(paramLabel = "ID", description = "As 'finding list' names it.") String id,
            @Option(
                            names = "--verdict",
                            required = true,
                            paramLabel = "NAME",
                            description = "true-positive, false-positive or benign.")
                    String verdict,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.") String reason,
            @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        JsonNode closed = access.client()
                .patch(
                        "/v1/findings/" + AdminClient.encoded(id),
                        JsonMapper.shared()
                                .createObjectNode()
                                .put("status", "closed")
                                .put("verdict", verdict)
                                .put("reason", reason));
        out().println(
                        json
                                ? closed.toString()
                                : "closed " + closed.at("/finding_info/uid").asString() + " as " + verdict);
        return Postern.OK;
    }

    @Command(
            name = "verdicts",
            description = {
                "Counts how analysts answered, by analytic and app, with the precision of what is answered.",
                "Of findings that are kept: closed ones go after findings.keep."
            },
            mixinStandardHelpOptions = true)
    int verdicts(
            @Mixin AdminAccess access,
            @Mixin Which which,
            @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        Map<String, String> query = which.query();
        query.put("limit", "1000");
        FindingVerdicts verdicts = new FindingVerdicts();
        access.client()
                .pages("/v1/findings", query, page -> page.get("findings").forEach(verdicts::add));
        if (json) {
            out().println(verdicts.json());
        } else {
            verdicts.table().print(out());
        }
        return Postern.OK;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
