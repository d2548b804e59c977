package io.postern.gateway.cli;

import io.postern.analytics.attack.SelfTaught;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.flow.Protocol;
import io.postern.config.AnalyticsSettings;
import io.postern.config.GatewaySettings;
import io.postern.config.document.Position;
import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import io.postern.config.policy.Policy;
import io.postern.config.policy.Policy.Mode;
import io.postern.gateway.Version;
import io.postern.gateway.detect.Detections;
import io.postern.gateway.input.Input;
import io.postern.gateway.replay.Replay;
import io.postern.gateway.replay.Tags;
import io.postern.gateway.rules.Rules;
import io.postern.gateway.rules.WrittenRoles;
import io.postern.gateway.zeek.ZeekLogs;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code replay}: what was in these captures, as a gateway would have seen it. */
@Command(
        name = "replay",
        description = {
            "Makes records of flows, findings and scores from captures and logs,",
            "by the time written in them.",
            "A broken input is told of, the rest is done, and the exit code is 1."
        },
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

    private static final int MEBI = 1024 * 1024;

    /** In bytes: what is read in less than a second or so needs none. */
    private static final long WORTH_A_BAR = 64L * MEBI;

    /** Findings, in the table. */
    private static final int SHOWN = 50;

    /** Characters of a name, in the table. */
    private static final int NAME = 36;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The settings, whose policy judges the flows; without it the embedded defaults.")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--tags",
            paramLabel = "CSV",
            description = {
                "Whose an address is: address,device,profile,app,",
                "where an address is an IP, a prefix or IP:port."
            })
    private Optional<Path> tags = Optional.empty();

    @Option(
            names = "--context",
            paramLabel = "FACTS",
            description = {
                "Facts about devices and apps: native context events,",
                "one a line, told by their time; may be gzip."
            })
    private Optional<Path> context = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = {"Where flows.ndjson, findings.ndjson and scores.ndjson go;", "the folder is made if need be."
            })
    private Path out = Path.of("");

    @Option(
            names = "--compare",
            description = {
                "Scores by RITA's, Elastic's and the cadence instrument alone",
                "as well, beside the five analytics."
            })
    private boolean compare;

    @Option(names = "--json", description = "Prints the summary as one JSON object, to standard output.")
    private boolean json;

    @Parameters(
            arity = "1..*",
            paramLabel = "INPUT",
            description = {
                "Captures (pcap, pcapng), flow records (flows.ndjson),",
                "logs of Zeek's or a folder of them; each may be gzip.",
                "Read in this order."
            })
    private List<Path> inputs = List.of();

    private final Clock clock;

    ReplayCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException {
        Reading<GatewaySettings> settings = Configured.settings(config, System.getenv());
        Optional<Reading<Policy>> policy =
                Configured.policyFiles(config, System.getenv(), settings).map(where -> Configured.policy(where, clock));
        Reading<Tags> whose = tags.map(ReplayCommand::read).orElseGet(() -> Reading.of(Tags.NONE, new Problems()));
        PrintWriter err = spec.commandLine().getErr();
        settings.problems().forEach(err::println);
        policy.ifPresent(reading -> reading.problems().forEach(err::println));
        whose.problems().forEach(err::println);
        Optional<Policy> rules = policy.flatMap(Reading::value);
        if (settings.value().isEmpty() || rules.isEmpty() || whose.value().isEmpty()) {
            return Postern.BAD_USAGE_OR_CONFIGURATION;
        }
        AnalyticsSettings analytics = settings.value().get().analytics();
        Rules written =
                new Rules(rules.get(), Configured.services(settings.value().get()));
        return run(new Replay(
                settings.value().get().sniff(),
                written,
                whose.value().get(),
                Version.text(),
                () -> detection(
                        settings.value().get(),
                        written.roles(settings.value().get().identity().renewal())),
                analytic -> analytics.mode(analytic) == Mode.SHADOW));
    }

    /** The five, with baselines that they learn from the inputs alone. */
    private Detection detection(GatewaySettings settings, WrittenRoles roles) {
        return new Detections(
                List.of(new SelfTaught(
                        settings.analytics().knobs(), settings.baselines().learning(), roles)),
                compare ? Detections.comparison() : List.of());
    }

    private static Reading<Tags> read(Path file) {
        try {
            return Tags.parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            Problems problems = new Problems();
            problems.add(
                    Position.of(file.toString()),
                    "--tags",
                    e instanceof NoSuchFileException ? "no such file" : "cannot be read: " + e);
            return Reading.refused(problems, new Problems());
        }
    }

    private int run(Replay replay) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        long total = size(inputs);
        ProgressBar bar = new ProgressBar(err, "MiB", (int) (total / MEBI), Boolean.getBoolean("postern.terminal"));
        boolean shown = total > WORTH_A_BAR;
        long began = System.nanoTime();
        Replay.Summary summary;
        try {
            summary = replay.run(
                    new Replay.Task(inputs, context, out), (input, what) -> err.println(input + ": " + what), bytes -> {
                        if (shown) {
                            bar.at((int) (bytes / MEBI));
                        }
                    });
        } catch (IOException e) {
            err.println(out + ": " + Input.text(e));
            return Postern.FAILED;
        }
        if (shown) {
            bar.done();
        }
        print(summary, (System.nanoTime() - began) / 1e9);
        return summary.broken() == 0 && !summary.detected().brokenContext() ? Postern.OK : Postern.FAILED;
    }

    /** Of all files, in bytes; what cannot be read is told of when it is its turn. */
    private static long size(List<Path> inputs) throws IOException {
        long total = 0;
        for (Path input : inputs) {
            if (Files.isDirectory(input)) {
                try (Stream<Path> files = Files.walk(input, ZeekLogs.DEPTH)) {
                    total += files.map(Path::toFile)
                            .filter(File::isFile)
                            .mapToLong(File::length)
                            .sum();
                } catch (UncheckedIOException e) {
                    // A folder in it that cannot be read: the bar is for the rest.
                }
            } else {
                total += Files.exists(input) ? Files.size(input) : 0;
            }
        }
        return total;
    }

    private void print(Replay.Summary summary, double seconds) {
        if (json) {
            spec.commandLine().getOut().println(JsonMapper.shared().writeValueAsString(summary));
            return;
        }
        PrintWriter err = spec.commandLine().getErr();
        Table table = new Table("PROTOCOL", "FLOWS");
        summary.protocols().entrySet().stream()
                .sorted(Map.Entry.<Protocol, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(each -> table.row(each.getKey().label(), Integer.toString(each.getValue())));
        table.print(err);
        err.printf(
                Locale.ROOT,
                "%d inputs (%d broken), %s, %d packets, %d flows in %.1f s; records: %s%n",
                summary.inputs(),
                summary.broken(),
                Table.bytes(summary.bytes()),
                summary.packets(),
                summary.flows(),
                seconds,
                out.resolve(Replay.FLOWS));
        logs(summary.logs(), err);
        Replay.Detected detected = summary.detected();
        if (context.isPresent()) {
            err.printf(Locale.ROOT, "%d facts, %d broken%n", detected.facts(), detected.brokenFacts());
        }
        err.printf(
                Locale.ROOT,
                "%d findings: %s; %d apps with destinations scored: %s%n",
                detected.findings(),
                out.resolve(Replay.FINDINGS),
                detected.pairs(),
                out.resolve(Replay.SCORES));
        found(detected.found(), err);
        if (detected.forgotten() > 0) {
            err.println(detected.forgotten() + " apps with destinations were forgotten for want of room");
        }
        err.flush();
    }

    private static void found(List<Replay.Found> found, PrintWriter err) {
        if (found.isEmpty()) {
            return;
        }
        Table table = new Table("ANALYTIC", "SEVERITY", "DEVICE", "APP", "DESTINATION", "MAIN EVIDENCE");
        found.stream()
                .limit(SHOWN)
                .forEach(each -> table.row(
                        each.analytic(),
                        each.severity() + " " + each.score(),
                        Table.plain(Table.start(each.device(), NAME)),
                        Table.plain(Table.end(each.app(), NAME)),
                        Table.plain(Table.end(each.destination(), NAME)),
                        each.evidence()));
        table.print(err);
        if (found.size() > SHOWN) {
            err.println((found.size() - SHOWN) + " more");
        }
    }

    private static void logs(Replay.Logs logs, PrintWriter err) {
        if (logs.lines() > 0) {
            err.printf(
                    Locale.ROOT,
                    "%d lines of logs: %d broken, %d there before, %d about other things, %d late, %d joined to nothing%n",
                    logs.lines(),
                    logs.broken(),
                    logs.duplicates(),
                    logs.others(),
                    logs.late(),
                    logs.unjoined());
        }
    }
}
