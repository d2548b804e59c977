package io.postern.gateway.cli;

import io.postern.config.GatewaySettings;
import io.postern.config.document.Reading;
import io.postern.config.policy.Policy;
import io.postern.config.policy.PolicyReader;
import io.postern.config.services.ServiceClasses;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.rules.Overrules;
import io.postern.gateway.rules.Rules;
import io.postern.gateway.rules.Spared;
import io.postern.gateway.whatif.WhatIf;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
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

/** {@code whatif}: what another policy would have made of recorded flows. */
@Command(
        name = "whatif",
        description = {
            "Judges recorded flows by today's policy and by another one, by the time,",
            "the facts and the findings in their records, and tells what becomes of whom.",
            "A broken input is told of, the rest is done, and the exit code is 1."
        },
        mixinStandardHelpOptions = true)
final class WhatIfCommand implements Callable<Integer> {

    private static final int MEBI = 1024 * 1024;

    /** In bytes: what is read in less than a second or so needs none. */
    private static final long WORTH_A_BAR = 64L * MEBI;

    /** Rows of a table; {@code --json} has all. */
    private static final int SHOWN = 40;

    /** Characters of a name, in a table. */
    private static final int NAME = 40;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The settings, whose policy is today's; without it the embedded defaults.")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--policy",
            required = true,
            paramLabel = "FILE_OR_DIR",
            description = "The other policy: one file, or a folder with all of its *.yaml.")
    private Path policy = Path.of("");

    @Option(names = "--json", description = "Prints one JSON object, with every row.")
    private boolean json;

    @Parameters(
            arity = "1..*",
            paramLabel = "FLOWS",
            description = "Flow records (flows.ndjson), of a gateway or of replay; each may be gzip.")
    private List<Path> inputs = List.of();

    private final Clock clock;

    WhatIfCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException {
        Reading<GatewaySettings> settings = Configured.settings(config, System.getenv());
        Optional<Reading<Policy>> today =
                Configured.policyFiles(config, System.getenv(), settings).map(where -> Configured.policy(where, clock));
        Reading<Policy> next = other();
        PrintWriter err = spec.commandLine().getErr();
        settings.problems().forEach(err::println);
        today.ifPresent(reading -> reading.problems().forEach(err::println));
        next.problems().forEach(err::println);
        Optional<Policy> before = today.flatMap(Reading::value);
        if (settings.value().isEmpty() || before.isEmpty() || next.value().isEmpty()) {
            return Postern.BAD_USAGE_OR_CONFIGURATION;
        }
        ServiceClasses services = Configured.services(settings.value().get());
        Pseudonyms names = Pseudonyms.by(
                settings.value().get().privacy().pseudonymKeys(), (pseudonym, device) -> {}, device -> device);
        Map<String, String> meant = new HashMap<>();
        Stream.of(before.get(), next.value().get())
                .flatMap(each -> each.groupsByDevice().keySet().stream())
                .forEach(device -> names.all(device).forEach(name -> meant.put(name, device)));
        return run(new WhatIf(
                new Rules(before.get(), services),
                new Rules(next.value().get(), services),
                Overrules.sparing(Spared.neverBroken(settings.value().get())),
                // Policy names devices by their ids.
                name -> meant.getOrDefault(name, name),
                names::of));
    }

    private Reading<Policy> other() {
        Path where = policy.toAbsolutePath();
        return Files.isDirectory(where)
                ? PolicyReader.read(List.of("*.yaml"), where, clock)
                : PolicyReader.read(
                        List.of(String.valueOf(where.getFileName())),
                        Optional.ofNullable(where.getParent()).orElse(where),
                        clock);
    }

    private int run(WhatIf whatIf) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        long total = 0;
        for (Path input : inputs) {
            total += Files.isRegularFile(input) ? Files.size(input) : 0;
        }
        boolean shown = total > WORTH_A_BAR;
        ProgressBar bar = new ProgressBar(err, "MiB", (int) (total / MEBI), Boolean.getBoolean("postern.terminal"));
        WhatIf.Summary summary = whatIf.run(inputs, (input, what) -> err.println(input + ": " + what), bytes -> {
            if (shown) {
                bar.at((int) (bytes / MEBI));
            }
        });
        if (shown) {
            bar.done();
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(summary));
        } else {
            print(summary, out);
        }
        return summary.brokenInputs() == 0 ? Postern.OK : Postern.FAILED;
    }

    private static void print(WhatIf.Summary summary, PrintWriter out) {
        if (!summary.rows().isEmpty()) {
            Table rows = new Table("BECOME", "APP", "RULE", "FLOWS", "DEVICES");
            summary.rows().stream()
                    .limit(SHOWN)
                    .forEach(row -> rows.row(
                            row.change(),
                            Table.plain(Table.end(row.app(), NAME)),
                            Table.plain(Table.end(row.rule(), NAME)),
                            Long.toString(row.flows()),
                            Integer.toString(row.devices())));
            rows.print(out);
            more(summary.rows().size(), out);
            out.println();
            Table devices = new Table("DEVICE", "BLOCKED", "THROTTLED", "ALERTED", "ALLOWED");
            summary.devices().stream()
                    .limit(SHOWN)
                    .forEach(one -> devices.row(
                            Table.plain(Table.start(one.device(), NAME)),
                            Long.toString(one.blocked()),
                            Long.toString(one.throttled()),
                            Long.toString(one.alerted()),
                            Long.toString(one.allowed())));
            devices.print(out);
            more(summary.devices().size(), out);
            out.println();
        }
        out.printf(
                Locale.ROOT,
                "%d flows, policy %s against %s: %d newly blocked, %d newly throttled, %d newly alerted, %d newly allowed%n",
                summary.flows(),
                summary.today(),
                summary.next(),
                summary.blocked(),
                summary.throttled(),
                summary.alerted(),
                summary.allowed());
        out.printf(
                Locale.ROOT,
                "%d lines could not be judged; %d flows were judged without what they speak, %d without the facts that rules ask"
                        + " for: their records do not say%n",
                summary.broken(),
                summary.unrecognised(),
                summary.withoutFacts());
    }

    private static void more(int rows, PrintWriter out) {
        if (rows > SHOWN) {
            out.println((rows - SHOWN) + " more, see --json");
        }
    }
}
