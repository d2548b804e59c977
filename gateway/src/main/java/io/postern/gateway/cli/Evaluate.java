package io.postern.gateway.cli;

import io.postern.analytics.detect.CadenceScorer;
import io.postern.analytics.detect.ElasticBeacon;
import io.postern.analytics.detect.RitaScore;
import io.postern.analytics.evaluate.ByScore;
import io.postern.analytics.evaluate.Markdown;
import io.postern.analytics.evaluate.Plots;
import io.postern.analytics.evaluate.Report;
import io.postern.analytics.evaluate.Seeds;
import io.postern.analytics.evaluate.Subject;
import io.postern.analytics.evaluate.Tally;
import io.postern.analytics.evaluate.Trial;
import io.postern.analytics.fleet.ContextQuality;
import io.postern.analytics.fleet.Fleet;
import io.postern.analytics.fleet.FleetSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code evaluate}: how well the detections do on simulated fleets; for those who work on them, so it is not listed. */
@Command(
        name = "evaluate",
        hidden = true,
        description =
                "Runs the detections over simulated fleets and writes what they came to: report.json, report.md, plots.",
        mixinStandardHelpOptions = true)
final class Evaluate implements Callable<Integer> {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** From which score on the cadence instrument calls a rhythm a clock. */
    private static final double CLOCK = 70;

    private static final Map<String, Subject> SUBJECTS = Map.of(
            RitaScore.NAME, new Subject(List.of(RitaScore.NAME), RitaScore::new),
            ElasticBeacon.NAME, new Subject(List.of(ElasticBeacon.NAME), ElasticBeacon::new),
            CadenceScorer.NAME,
                    new Subject(List.of(CadenceScorer.NAME), () -> new ByScore(new CadenceScorer(), CLOCK)));

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--detections",
            paramLabel = "NAME",
            split = ",",
            description = "Which, in this order. Default ${DEFAULT-VALUE}.",
            defaultValue = "rita,elastic,cadence")
    private List<String> names = List.of();

    @Option(names = "--devices", paramLabel = "N", description = "Default ${DEFAULT-VALUE}.", defaultValue = "340")
    private int devices;

    @Option(names = "--days", paramLabel = "D", description = "Default ${DEFAULT-VALUE}.", defaultValue = "30")
    private int days;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = {"Below 1000 for tuning, from 1000 on for figures that are told.", "Default ${DEFAULT-VALUE}."
            },
            defaultValue = "" + Seeds.REPORTING)
    private long seed;

    @Option(
            names = "--implants",
            paramLabel = "SHARE",
            description = "Of the devices. Default ${DEFAULT-VALUE}.",
            defaultValue = "0.6")
    private double implants;

    @Option(
            names = "--ladder",
            paramLabel = "N",
            description = {
                "Devices of each further fleet, whose context is late, lossy, lying or none, and whose flows lost their app;",
                "0 for no such fleets. Default ${DEFAULT-VALUE}."
            },
            defaultValue = "40")
    private int ladder;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Made if need be.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
        List<Subject> subjects = names.stream().map(this::subject).toList();
        FleetSettings whole;
        FleetSettings part;
        try {
            whole = FleetSettings.of(devices, days, seed).withImplants(implants);
            part = FleetSettings.of(Math.max(1, ladder), days, seed).withImplants(implants);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        List<Report.Run> runs = new ArrayList<>();
        runs.add(run("full", whole, subjects));
        if (ladder > 0) {
            runs.add(run("full, the part", part, subjects));
            for (ContextQuality quality :
                    List.of(ContextQuality.LATE, ContextQuality.LOSSY, ContextQuality.LYING, ContextQuality.NONE)) {
                runs.add(run(quality.label(), part.withContext(quality), subjects));
            }
            runs.add(run("unattributed 5 %", part.withUnattributed(0.05), subjects));
            runs.add(run("unattributed 20 %", part.withUnattributed(0.2), subjects));
        }
        write(new Report(Seeds.tuning(seed), runs));
        return Postern.OK;
    }

    private Subject subject(String name) {
        Subject subject = SUBJECTS.get(name);
        if (subject == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--detections: '" + name + "' is none of "
                            + SUBJECTS.keySet().stream().sorted().toList());
        }
        return subject;
    }

    /** Devices know nothing of each other, so every core has some; what they came to is added in their order. */
    private Report.Run run(String name, FleetSettings settings, List<Subject> subjects) {
        PrintWriter err = spec.commandLine().getErr();
        Fleet fleet = new Fleet(settings);
        ProgressBar bar =
                new ProgressBar(err, "devices, " + name, settings.devices(), Boolean.getBoolean("postern.terminal"));
        AtomicInteger done = new AtomicInteger();
        List<Tally> tallies = IntStream.range(0, settings.devices())
                .parallel()
                .mapToObj(device -> {
                    Tally tally = new Trial(subjects).run(fleet.device(device), settings.days());
                    synchronized (bar) {
                        bar.at(done.incrementAndGet());
                    }
                    return tally;
                })
                .toList();
        bar.done();
        Tally sum = new Tally();
        tallies.forEach(sum::add);
        return Report.Run.of(name, settings, subjects, sum);
    }

    private void write(Report report) throws IOException {
        Files.createDirectories(out);
        String tables = Markdown.of(report);
        Files.writeString(out.resolve("report.md"), tables);
        Files.writeString(out.resolve("report.json"), JSON.writeValueAsString(report) + "\n");
        for (Map.Entry<String, String> plot : Plots.of(report).entrySet()) {
            Files.writeString(out.resolve(plot.getKey()), plot.getValue());
        }
        spec.commandLine().getOut().println(tables);
    }
}
