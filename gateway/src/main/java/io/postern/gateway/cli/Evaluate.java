package io.postern.gateway.cli;

import io.postern.analytics.Evidence.Family;
import io.postern.analytics.attack.Analytic;
import io.postern.analytics.attack.FiveAnalytics;
import io.postern.analytics.attack.SelfTaught;
import io.postern.analytics.attack.Settings;
import io.postern.analytics.baseline.BaselineSettings;
import io.postern.analytics.detect.CadenceScorer;
import io.postern.analytics.detect.ElasticBeacon;
import io.postern.analytics.detect.RitaScore;
import io.postern.analytics.evaluate.Benign;
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
import io.postern.analytics.fleet.Happening;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
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

    private static final long DAY = 86_400_000;

    /** Devices with an implant of a fleet to which one came with an app at once: much of what is learnt there is its. */
    private static final double COMMON = 0.6;

    private static final List<String> FIVE =
            FiveAnalytics.all(Settings.DEFAULTS).stream().map(Analytic::id).toList();

    private static final Map<String, Subject> SUBJECTS = Map.of(
            "five",
            five(Settings.DEFAULTS),
            RitaScore.NAME,
            new Subject(List.of(RitaScore.NAME), RitaScore::new),
            ElasticBeacon.NAME,
            new Subject(List.of(ElasticBeacon.NAME), ElasticBeacon::new),
            CadenceScorer.NAME,
            new Subject(List.of(CadenceScorer.NAME), () -> new ByScore(new CadenceScorer(), CLOCK)));

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--detections",
            paramLabel = "NAME",
            split = ",",
            description = "Which, in this order. Default ${DEFAULT-VALUE}.",
            defaultValue = "five,rita,elastic,cadence")
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
            description = {
                "Of the devices, their kinds by turns; the ladder has a row of 60 %%. Default ${DEFAULT-VALUE}."
            },
            defaultValue = "0.12")
    private double implants;

    @Option(
            names = "--benign",
            paramLabel = "N",
            description = {
                "Instead of all else N fleets without implants, of that seed and those after it, one after the other on each core,",
                "the five alone: how many benign apps would have been blocked. What there is so far is written after each."
            },
            defaultValue = "0")
    private int benign;

    @Option(
            names = "--ladder",
            paramLabel = "N",
            description = {
                "Devices of each further fleet, whose context is late, lossy, lying or none, and whose flows lost their app;",
                "0 for no such fleets. Default ${DEFAULT-VALUE}."
            },
            defaultValue = "175")
    private int ladder;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Made if need be.")
    private Path out = Path.of("");

    private final List<Report.Run> runs = new ArrayList<>();
    private final List<Report.Run> ablations = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        if (benign > 0) {
            return benign();
        }
        List<Subject> subjects = names.stream().map(this::subject).toList();
        FleetSettings whole;
        FleetSettings part;
        try {
            whole = FleetSettings.of(devices, days, seed).withImplants(implants);
            part = FleetSettings.of(Math.max(1, ladder), days, seed).withImplants(implants);
        } catch (IllegalArgumentException e) {
            throw usage(e);
        }
        Files.createDirectories(out);
        add(runs, run("full", whole, subjects));
        if (ladder > 0) {
            add(runs, run("full, the part", part, subjects));
            for (ContextQuality quality :
                    List.of(ContextQuality.LATE, ContextQuality.LOSSY, ContextQuality.LYING, ContextQuality.NONE)) {
                add(runs, run(quality.label(), part.withContext(quality), subjects));
            }
            add(runs, run("unattributed 5 %", part.withUnattributed(0.05), subjects));
            add(runs, run("unattributed 20 %", part.withUnattributed(0.2), subjects));
            add(runs, run("implants on 60 %", part.withImplants(COMMON), subjects));
        }
        if (ladder > 0 && names.contains("five")) {
            for (Family family : Family.values()) {
                Settings without = Settings.DEFAULTS.ignoring(Set.of(family));
                add(ablations, run("without " + family.label(), part, List.of(five(without))));
            }
        }
        spec.commandLine().getOut().println(Markdown.of(report()));
        return Postern.OK;
    }

    /** The whole takes long: what there is so far is written after each fleet. */
    private void add(List<Report.Run> to, Report.Run run) throws IOException {
        to.add(run);
        write(report());
    }

    private Report report() {
        return new Report(Seeds.tuning(seed), runs, ablations);
    }

    private ParameterException usage(IllegalArgumentException e) {
        return new ParameterException(spec.commandLine(), e.getMessage(), e);
    }

    /** Fleets know nothing of each other, so every core has one; a fleet at a time is held of each. */
    private int benign() throws IOException {
        FleetSettings first;
        try {
            first = FleetSettings.of(devices, days, seed).withImplants(0);
        } catch (IllegalArgumentException e) {
            throw usage(e);
        }
        Files.createDirectories(out);
        ProgressBar bar = new ProgressBar(
                spec.commandLine().getErr(), "benign", benign * days, Boolean.getBoolean("postern.terminal"));
        AtomicInteger done = new AtomicInteger();
        Runnable step = () -> {
            synchronized (bar) {
                bar.at(done.incrementAndGet());
            }
        };
        Benign sum = new Benign();
        IntStream.range(0, benign).parallel().forEach(fleet -> {
            Tally tally = together(first.withSeed(seed + fleet), List.of(five(Settings.DEFAULTS)), step);
            synchronized (sum) {
                sum.add(tally);
                write(sum.sum());
            }
        });
        bar.done();
        spec.commandLine().getOut().println(sum.sum().markdown());
        return Postern.OK;
    }

    private void write(Benign.Sum sum) {
        try {
            Files.writeString(out.resolve("benign.md"), sum.markdown());
            Files.writeString(out.resolve("benign.json"), JSON.writeValueAsString(sum) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With baselines that it learns from the fleet, and with what the fleet's enterprise has written down. */
    private static Subject five(Settings settings) {
        return new Subject(FIVE, true, () -> new SelfTaught(settings, BaselineSettings.DEFAULTS, Fleet.roles()));
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

    /** What sees the whole fleet has a core; what knows one device at a time, whose devices are shared among cores, the others. */
    private Report.Run run(String name, FleetSettings settings, List<Subject> subjects) {
        PrintWriter err = spec.commandLine().getErr();
        List<Subject> ofFleet = subjects.stream().filter(Subject::fleet).toList();
        List<Subject> ofDevice =
                subjects.stream().filter(subject -> !subject.fleet()).toList();
        int steps = (ofFleet.isEmpty() ? 0 : settings.days()) + (ofDevice.isEmpty() ? 0 : settings.devices());
        ProgressBar bar = new ProgressBar(err, name, steps, Boolean.getBoolean("postern.terminal"));
        AtomicInteger done = new AtomicInteger();
        Runnable step = () -> {
            synchronized (bar) {
                bar.at(done.incrementAndGet());
            }
        };
        CompletableFuture<Tally> together = CompletableFuture.supplyAsync(() -> together(settings, ofFleet, step));
        Tally alone = alone(settings, ofDevice, step);
        Tally all = together.join();
        bar.done();
        Report.Run run = Report.Run.of(name, settings, ofFleet, all);
        return ofFleet.isEmpty()
                ? Report.Run.of(name, settings, ofDevice, alone)
                : run.and(Report.Run.of(name, settings, ofDevice, alone));
    }

    /** In the middle of the days somebody approves of all that is proposed. */
    private static Tally together(FleetSettings settings, List<Subject> subjects, Runnable step) {
        if (subjects.isEmpty()) {
            return new Tally();
        }
        long approval = settings.startMillis() + settings.days() / 2 * DAY;
        Iterator<Happening> merged = Fleet.byTurns(settings).merged();
        Iterator<Happening> counted = new Iterator<>() {
            private long day = settings.startMillis() + DAY;

            @Override
            public boolean hasNext() {
                return merged.hasNext();
            }

            @Override
            public Happening next() {
                Happening next = merged.next();
                while (next.atMillis() >= day) {
                    day += DAY;
                    step.run();
                }
                return next;
            }
        };
        return new Trial(subjects).approvingAt(approval).run(counted, settings.devices() * settings.days());
    }

    /** Devices know nothing of each other, so every core has some; what they came to is added in their order. */
    private static Tally alone(FleetSettings settings, List<Subject> subjects, Runnable step) {
        Fleet fleet = Fleet.byTurns(settings);
        List<Tally> tallies = subjects.isEmpty()
                ? List.of()
                : IntStream.range(0, settings.devices())
                        .parallel()
                        .mapToObj(device -> {
                            Tally tally = new Trial(subjects).run(fleet.device(device), settings.days());
                            step.run();
                            return tally;
                        })
                        .toList();
        Tally sum = new Tally();
        tallies.forEach(sum::add);
        return sum;
    }

    private void write(Report report) throws IOException {
        Files.writeString(out.resolve("report.md"), Markdown.of(report));
        Files.writeString(out.resolve("report.json"), JSON.writeValueAsString(report) + "\n");
        for (Map.Entry<String, String> plot : Plots.of(report).entrySet()) {
            Files.writeString(out.resolve(plot.getKey()), plot.getValue());
        }
    }
}
