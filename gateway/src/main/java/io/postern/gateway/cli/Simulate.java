package io.postern.gateway.cli;

import io.postern.analytics.fleet.ContextQuality;
import io.postern.analytics.fleet.FleetSettings;
import io.postern.gateway.Version;
import io.postern.gateway.simulate.FleetFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code simulate}: the files that a fleet would have left. */
@Command(
        name = "simulate",
        description = {
            "Makes flow records, facts, tags and labels of a fleet that never was: benign apps, and implants on some devices.",
            "The same options give the same files. Some 1 MB for each device and day."
        },
        mixinStandardHelpOptions = true)
final class Simulate implements Callable<Integer> {

    /** Device-days: fewer are made in less than a second or so. */
    private static final int WORTH_A_BAR = 200;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--devices", paramLabel = "N", description = "Default ${DEFAULT-VALUE}.", defaultValue = "10")
    private int devices;

    @Option(names = "--days", paramLabel = "D", description = "Default ${DEFAULT-VALUE}.", defaultValue = "7")
    private int days;

    @Option(names = "--seed", paramLabel = "S", description = "Default ${DEFAULT-VALUE}.", defaultValue = "1")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description =
                    "Where flows.ndjson, facts.ndjson, tags.csv, labels.csv and labels.ndjson go; made if need be.")
    private Path out = Path.of("");

    @Option(
            names = "--context",
            paramLabel = "QUALITY",
            description =
                    "What becomes of the facts on their way: full, late, lossy, lying or none. Default ${DEFAULT-VALUE}.",
            defaultValue = "full")
    private String context = "full";

    @Option(
            names = "--implants",
            paramLabel = "SHARE",
            description = "Of the devices, 0 to 1. Default ${DEFAULT-VALUE}.",
            defaultValue = "0.33")
    private double implants;

    @Option(
            names = "--unattributed",
            paramLabel = "SHARE",
            description = "Of the flows, 0 to 1: the device is known and the app is not. Default ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private double unattributed;

    @Option(names = "--json", description = "Prints the summary as one JSON object, to standard output.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        FleetSettings settings = settings();
        PrintWriter err = spec.commandLine().getErr();
        ProgressBar bar = new ProgressBar(err, "days", days, Boolean.getBoolean("postern.terminal"));
        boolean shown = (long) devices * days > WORTH_A_BAR;
        FleetFiles.Summary summary = new FleetFiles(settings, Version.text()).write(out, day -> {
            if (shown) {
                bar.at(day);
            }
        });
        if (shown) {
            bar.done();
        }
        if (json) {
            spec.commandLine().getOut().println(JsonMapper.shared().writeValueAsString(summary));
        } else {
            err.printf(
                    Locale.ROOT,
                    "%d devices, %d days, seed %d: %d flows in %d lines, %d facts, %d implants; in %s%n",
                    summary.devices(),
                    summary.days(),
                    summary.seed(),
                    summary.flows(),
                    summary.lines(),
                    summary.facts(),
                    summary.implants(),
                    out);
            err.flush();
        }
        return Postern.OK;
    }

    private FleetSettings settings() {
        ContextQuality quality = Arrays.stream(ContextQuality.values())
                .filter(each -> each.label().equals(context))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "--context is '" + context + "', must be full, late, lossy, lying or none"));
        try {
            return new FleetSettings(devices, days, seed, FleetSettings.START, implants, quality, unattributed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
