package io.postern.gateway.cli;

import io.postern.config.grammar.Units;
import io.postern.gateway.demo.DemoWorld;
import io.postern.gateway.demo.FleetScenario;
import io.postern.gateway.demo.FlowRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code demo}: the real gateway at work, without anything set up. */
@Command(
        name = "demo",
        description = "Plays weeks of simulated devices through a gateway on loopback and shows what it found.",
        mixinStandardHelpOptions = true)
final class Demo implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(Demo.class);

    /** Characters; together with what has a bound of its own they fit a terminal. */
    private static final int APP = 20;

    private static final int DESTINATION = 22;
    private static final int SPEAKS = 7;
    private static final int VERDICT = 8;
    private static final int REASON = 40;
    private static final int DEVICE = 8;
    private static final int EVIDENCE = 78;
    private static final String TERMINAL = "postern.terminal";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--duration", paramLabel = "TIME", defaultValue = "5m", description = "At most so long (5m).")
    private String duration = "";

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Other devices' days (1).")
    private long seed;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Option(
            names = "--gateway",
            paramLabel = "COMMAND",
            hidden = true,
            description =
                    "Starts the gateway in place of this process: given the folder of its files, whose file now is its time.")
    private Optional<String> gateway = Optional.empty();

    private final Clock clock;

    Demo(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws Exception {
        Duration atMost = Units.duration(duration)
                .filter(time -> !time.isZero())
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "--duration: '" + duration + "' is not a duration, must be such as 60s"));
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter progress = spec.commandLine().getErr();
        try (DemoWorld world = DemoWorld.open(seed, clock, gateway)) {
            // Whoever breaks it off leaves nothing behind.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> closed(world), "demo-end"));
            long end = System.nanoTime() + atMost.toNanos();
            progress.println(
                    "A gateway on loopback, the internet beside it and " + world.devices() + " devices behind it.");
            progress.println(
                    "Sockets, policy, thresholds, facts and records are those of any gateway; only its clock is");
            progress.println("told what time it is: " + world.days() + " days of its devices pass meanwhile.");
            ProgressBar bar = new ProgressBar(progress, "flows", world.size(), Boolean.getBoolean(TERMINAL));
            int run = world.run(atMost, bar::at);
            bar.done();
            ProgressBar time =
                    new ProgressBar(progress, "hours of device time", world.hours(), Boolean.getBoolean(TERMINAL));
            DemoWorld.Weeks weeks = world.play(Duration.ofNanos(Math.max(0, end - System.nanoTime())), time::at);
            time.done();
            List<DemoFinding> findings =
                    DemoFinding.all(new AdminClient(world.admin(), world.adminToken(), Optional.empty()));
            Report report = Report.of(world.size(), run, world.finish(), weeks, findings, world.planted());
            if (json) {
                out.println(JsonMapper.shared().writeValueAsString(report));
            } else {
                print(report, out);
            }
            out.flush();
            return report.good() ? Postern.OK : Postern.FAILED;
        }
    }

    private static void closed(DemoWorld world) {
        try {
            world.close();
        } catch (IOException e) {
            LOG.warn("the demo's files are not all gone: {}", e.toString());
        }
    }

    /** Within 80 columns, whatever the flows are; {@code --json} has all of it. */
    static void print(Report report, PrintWriter out) {
        Table table = new Table("APP", "DESTINATION", "SPEAKS", "FLOWS", "BYTES", "VERDICT");
        Table reasons = new Table("VERDICT", "BY", "APP");
        Set<List<String>> told = new LinkedHashSet<>();
        String device = "";
        for (FlowRow row : report.rows) {
            if (!row.device().equals(device)) {
                device = row.device();
                table.row(Table.start(device, APP) + ":", "", "", "", "", "");
            }
            table.row(
                    Table.start(row.app(), APP),
                    Table.end(row.destination() + ":" + row.port(), DESTINATION),
                    Table.start(row.protocol(), SPEAKS),
                    Integer.toString(row.flows()),
                    Table.bytes(row.out() + row.in()),
                    Table.start(row.verdict(), VERDICT));
            if (!row.reason().isEmpty() && !row.reason().equals("default")) {
                told.add(List.of(row.verdict(), Table.start(row.reason(), REASON), Table.start(row.app(), APP)));
            }
        }
        told.forEach(reason -> reasons.row(reason.toArray(String[]::new)));
        table.print(out);
        out.println();
        if (!told.isEmpty()) {
            reasons.print(out);
            out.println();
        }
        if (report.run < report.errands) {
            out.println("The time was up after " + report.run + " of " + report.errands + " flows.");
        }
        out.println("Clients without a good tag got 407 and have no flow.");
        out.println();
        printFindings(report, out);
        out.println(report.implantsFound + " implants found of " + report.implants + ", " + report.benignWithFindings
                + " benign apps with findings");
    }

    private static void printFindings(Report report, PrintWriter out) {
        DemoWorld.Weeks weeks = report.weeks;
        out.println(weeks.flows() + " flows and " + weeks.facts() + " facts of " + weeks.devices() + " devices in "
                + (weeks.whole() ? weeks.days() + " days" : weeks.hours() + " hours of " + weeks.days() + " days")
                + " of their time:");
        out.println();
        Table table = new Table("DEVICE", "APP", "DESTINATION", "ANALYTIC", "SCORE", "SEVERITY");
        for (DemoFinding each : report.findings) {
            table.row(
                    Table.start(each.device(), DEVICE),
                    Table.start(each.app(), APP),
                    Table.end(each.destination(), APP),
                    each.analytic(),
                    Long.toString(Math.round(each.score())),
                    each.severity());
            table.below("  " + Table.start(each.evidence(), EVIDENCE));
        }
        table.print(out);
        out.println();
        for (Hidden each : report.hidden) {
            if (!each.found()) {
                out.println("Not found: " + each.kind() + " in " + each.app() + " on " + each.device());
            }
        }
    }

    /** An implant that is in the fleet. */
    record Hidden(String device, String app, String kind, boolean found) {}

    /**
     * As {@code --json} prints it.
     *
     * @param errands flows the devices of the first day wanted
     * @param run flows they got to
     * @param hidden what detection was never told
     */
    record Report(
            int errands,
            int run,
            List<FlowRow> rows,
            DemoWorld.Weeks weeks,
            List<DemoFinding> findings,
            List<Hidden> hidden,
            int implants,
            int implantsFound,
            int benignWithFindings) {

        static Report of(
                int errands,
                int run,
                List<FlowRow> rows,
                DemoWorld.Weeks weeks,
                List<DemoFinding> findings,
                List<FleetScenario.Planted> planted) {
            List<Hidden> hidden = planted.stream()
                    .map(each -> new Hidden(
                            each.device(),
                            each.implant().app(),
                            each.implant().kind(),
                            findings.stream().anyMatch(finding -> speaksOf(finding, each))))
                    .toList();
            long benign = findings.stream()
                    .filter(finding -> planted.stream().noneMatch(each -> speaksOf(finding, each)))
                    .map(finding -> List.of(finding.device(), finding.app()))
                    .distinct()
                    .count();
            return new Report(
                    errands,
                    run,
                    rows,
                    weeks,
                    findings,
                    hidden,
                    hidden.size(),
                    (int) hidden.stream().filter(Hidden::found).count(),
                    (int) benign);
        }

        private static boolean speaksOf(DemoFinding finding, FleetScenario.Planted planted) {
            return planted.is(finding.device(), finding.app(), finding.destination());
        }

        boolean good() {
            return run == errands && implantsFound == implants && benignWithFindings == 0;
        }
    }
}
