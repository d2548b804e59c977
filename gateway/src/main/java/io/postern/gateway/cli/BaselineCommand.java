package io.postern.gateway.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code baseline}: what is usual for apps, by the admin API of a running gateway. */
@Command(
        name = "baseline",
        description = "Shows what is usual for apps, and decides of it.",
        mixinStandardHelpOptions = true)
final class BaselineCommand implements Runnable {

    private static final int WIDEST = 60;

    /** What an export begins with. */
    private static final String FORMAT = "postern-baselines";

    private static final int VERSION = 1;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "list, diff, approve, reject, export or import?");
    }

    /** Whose baseline. */
    static final class Whose {
        @Option(names = "--app", paramLabel = "PKG", description = "Of this app.")
        Optional<String> app = Optional.empty();

        @Option(names = "--category", paramLabel = "NAME", description = "Of all apps of this category together.")
        Optional<String> category = Optional.empty();

        void into(Map<String, String> query) {
            app.ifPresent(name -> query.put("app", name));
            category.ifPresent(name -> query.put("category", name));
        }
    }

    /** Of which entries. */
    static final class Which {
        @Option(
                names = "--all",
                required = true,
                description = "All that 'baseline diff' shows, but for what is tainted.")
        boolean all;

        @Option(
                names = "--entry",
                required = true,
                paramLabel = "ID",
                description = "This one, as 'baseline list' names it; may be repeated.")
        List<String> entries = List.of();
    }

    @Command(name = "list", description = "Lists what was learnt and how it stands.", mixinStandardHelpOptions = true)
    int list(
            @Mixin AdminAccess access,
            @ArgGroup Whose whose,
            @Option(names = "--standing", paramLabel = "NAME", description = "Only what stands so, such as approved.")
                    Optional<String> standing,
            @Option(names = "--trait", paramLabel = "NAME", description = "Only this trait, such as destination.")
                    Optional<String> trait,
            @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        Map<String, String> query = query(Optional.ofNullable(whose));
        standing.ifPresent(name -> query.put("standing", name));
        trait.ifPresent(name -> query.put("trait", name));
        ArrayNode all = all(access.client(), "/v1/baselines", query, "entries");
        if (json) {
            return printed("entries", all);
        }
        Table table = new Table("OF", "ENTRY", "STANDING", "DEVICES", "DAYS", "FLOWS", "LAST SEEN", "BY");
        all.forEach(entry -> table.row(
                whose(entry),
                Table.start(Table.plain(entry.get("id").asString()), WIDEST),
                entry.get("standing").asString(),
                entry.get("devices").asString(),
                entry.get("days").asString(),
                entry.get("flows").asString(),
                day(entry.get("last_seen")),
                Table.plain(entry.at("/decision/by").asString(""))));
        table.print(out());
        return Postern.OK;
    }

    @Command(
            name = "diff",
            description = "Shows what has come up since somebody decided: + proposed, ~ approved for an older version,"
                    + " ! expired, x evidence speaks of it.",
            mixinStandardHelpOptions = true)
    int diff(
            @Mixin AdminAccess access,
            @ArgGroup Whose whose,
            @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        ArrayNode all = all(access.client(), "/v1/baselines/diff", query(Optional.ofNullable(whose)), "diffs");
        if (json) {
            return printed("diffs", all);
        }
        all.valueStream().filter(diff -> !diff.get("entries").isEmpty()).forEach(this::print);
        return Postern.OK;
    }

    private void print(JsonNode diff) {
        List<String> counts = new ArrayList<>();
        diff.get("counts").properties().forEach(count -> counts.add(count.getValue() + " " + count.getKey()));
        out().println(whose(diff)
                + (diff.has("version") ? " version " + diff.get("version").asString() : "")
                + " (" + String.join(", ", counts) + ")");
        Table table = new Table("", "TRAIT", "VALUE", "STATE", "DEVICES", "DAYS", "SINCE");
        diff.get("entries")
                .forEach(entry -> table.row(
                        "  " + mark(entry.get("standing").asString()),
                        entry.get("trait").asString(),
                        Table.start(Table.plain(entry.get("value").asString()), WIDEST),
                        entry.get("situation").asString(),
                        entry.get("devices").asString(),
                        entry.get("days").asString(),
                        day(entry.get("first_seen"))));
        table.print(out());
        diff.get("tainted").forEach(this::against);
        out().println();
    }

    private void against(JsonNode tainted) {
        List<String> causes = new ArrayList<>();
        tainted.get("causes").forEach(cause -> causes.add(Table.plain(cause.asString())));
        out().println("  against "
                + Table.start(Table.plain(tainted.get("destination").asString()), WIDEST) + ": "
                + String.join(", ", causes) + "; last " + day(tainted.get("last_seen")));
    }

    private static String mark(String standing) {
        return switch (standing) {
            case "proposed" -> "+";
            case "provisional" -> "~";
            case "expired" -> "!";
            default -> "x";
        };
    }

    @Command(name = "approve", description = "Says that entries are usual.", mixinStandardHelpOptions = true)
    int approve(
            @Mixin AdminAccess access,
            @ArgGroup(multiplicity = "1") Whose whose,
            @ArgGroup(multiplicity = "1") Which which,
            @Option(
                            names = "--app-version",
                            paramLabel = "CODE",
                            description = "Version code that was looked at; without it the newest that is about.")
                    Optional<Long> version,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.") String reason,
            @Option(
                            names = "--review-by",
                            paramLabel = "DAY",
                            description = "When it must be decided anew; without it baselines.review-after counts.")
                    Optional<String> reviewBy,
            @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        ObjectNode body = JsonMapper.shared().createObjectNode().put("reason", reason);
        version.ifPresent(code -> body.put("version", code));
        reviewBy.ifPresent(day -> body.put("review_by", day));
        return decide(access.client(), "approve", whose, which, body, json);
    }

    @Command(
            name = "reject",
            description = "Says that entries are not usual; they are not proposed again.",
            mixinStandardHelpOptions = true)
    int reject(
            @Mixin AdminAccess access,
            @ArgGroup(multiplicity = "1") Whose whose,
            @ArgGroup(multiplicity = "1") Which which,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.") String reason,
            @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        return decide(
                access.client(),
                "reject",
                whose,
                which,
                JsonMapper.shared().createObjectNode().put("reason", reason),
                json);
    }

    private int decide(AdminClient client, String how, Whose whose, Which which, ObjectNode body, boolean json)
            throws IOException {
        ArrayNode entries = body.putArray("entries");
        if (which.all) {
            // What was proposed a moment ago, rather than what will be when the request arrives.
            open(client, whose).forEach(entries::add);
        } else {
            which.entries.forEach(entries::add);
        }
        if (entries.isEmpty()) {
            throw new IOException("there is nothing to " + how);
        }
        Map<String, String> subject = new LinkedHashMap<>();
        whose.into(subject);
        subject.forEach(body::put);
        JsonNode done = client.post("/v1/baselines/" + how, body);
        out().println(
                        json
                                ? done.toString()
                                : (how.equals("approve") ? "approved " : "rejected ")
                                        + done.get("decided").asString() + " of " + whose(done)
                                        + (done.has("version")
                                                ? " version "
                                                        + done.get("version").asString()
                                                : ""));
        return Postern.OK;
    }

    private static List<String> open(AdminClient client, Whose whose) throws IOException {
        List<String> ids = new ArrayList<>();
        all(client, "/v1/baselines/diff", query(Optional.of(whose)), "diffs")
                .forEach(diff -> diff.get("entries")
                        .valueStream()
                        .filter(entry -> !entry.get("standing").asString().equals("tainted"))
                        .forEach(entry -> ids.add(entry.get("id").asString())));
        return ids;
    }

    @Command(
            name = "export",
            description = "Writes what was learnt to a file, for another gateway; without what was decided of it.",
            mixinStandardHelpOptions = true)
    int export(
            @Mixin AdminAccess access,
            @ArgGroup Whose whose,
            @Parameters(paramLabel = "FILE", description = "Replaced whole.") Path file,
            @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        AdminClient client = access.client();
        Path made = file.resolveSibling(file.getFileName() + ".made");
        int baselines = 0;
        try (BufferedWriter lines = Files.newBufferedWriter(made, UTF_8)) {
            lines.write(
                    JsonMapper.shared().createObjectNode().put(FORMAT, VERSION).toString());
            lines.newLine();
            JsonNode page;
            Map<String, String> asked = query(Optional.ofNullable(whose));
            do {
                page = client.get("/v1/baselines/export", asked);
                for (JsonNode one : page.get("baselines")) {
                    lines.write(one.toString());
                    lines.newLine();
                    baselines++;
                }
                asked.put("cursor", page.path("next").asString(""));
            } while (page.has("next"));
        }
        Files.move(made, file, StandardCopyOption.REPLACE_EXISTING);
        out().println(
                        json
                                ? JsonMapper.shared()
                                        .createObjectNode()
                                        .put("baselines", baselines)
                                        .toString()
                                : file + ": " + baselines + " baselines");
        return Postern.OK;
    }

    @Command(
            name = "import",
            description = "Takes in what another gateway exported: as seen, and approved by nobody.",
            mixinStandardHelpOptions = true)
    int take(
            @Mixin AdminAccess access,
            @Parameters(paramLabel = "FILE", description = "As 'baseline export' wrote it.") Path file,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.") String reason,
            @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        AdminClient client = access.client();
        int baselines = 0;
        int entries = 0;
        try (BufferedReader lines = Files.newBufferedReader(file, UTF_8)) {
            JsonNode head = object(file, 1, lines.readLine());
            if (head.path(FORMAT).asInt(0) != VERSION) {
                throw new IOException(file + ": is no export of baselines of format " + VERSION);
            }
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                ObjectNode body = object(file, baselines + 2, line);
                body.put("format", VERSION).put("reason", reason);
                try {
                    entries += client.post("/v1/baselines/import", body)
                            .path("entries")
                            .asInt(0);
                } catch (IOException e) {
                    throw new IOException(
                            file + ":" + (baselines + 2) + ": " + e.getMessage() + System.lineSeparator() + "  "
                                    + baselines + " before it were taken in; taking them in again changes nothing",
                            e);
                }
                baselines++;
            }
        }
        out().println(
                        json
                                ? JsonMapper.shared()
                                        .createObjectNode()
                                        .put("baselines", baselines)
                                        .put("entries", entries)
                                        .toString()
                                : "took in " + baselines + " baselines with " + entries
                                        + " entries; 'baseline diff' shows what they propose");
        return Postern.OK;
    }

    private static ObjectNode object(Path file, int line, @Nullable String text) throws IOException {
        try {
            if (JsonMapper.shared().readTree(text == null ? "" : text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            // Said below.
        }
        throw new IOException(file + ":" + line + ": is not one JSON object");
    }

    private static Map<String, String> query(Optional<Whose> whose) {
        Map<String, String> query = new LinkedHashMap<>();
        whose.ifPresent(one -> one.into(query));
        return query;
    }

    private static ArrayNode all(AdminClient client, String path, Map<String, String> query, String member)
            throws IOException {
        ArrayNode all = JsonMapper.shared().createArrayNode();
        Map<String, String> asked = new LinkedHashMap<>(query);
        asked.put("limit", "1000");
        client.pages(path, asked, page -> page.get(member).forEach(all::add));
        return all;
    }

    private int printed(String member, ArrayNode all) {
        ObjectNode whole = JsonMapper.shared().createObjectNode();
        whole.set(member, all);
        out().println(whole);
        return Postern.OK;
    }

    private static String whose(JsonNode entry) {
        return entry.has("app")
                ? "app " + Table.plain(entry.get("app").asString())
                : "category " + Table.plain(entry.path("category").asString(""));
    }

    private static String day(JsonNode time) {
        return time.asString().substring(0, 10);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
