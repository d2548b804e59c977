package io.postern.gateway.cli;

import io.postern.config.grammar.Units;
import io.postern.gateway.demo.DemoWorld;
import io.postern.gateway.demo.FlowRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
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
        description = "Starts the gateway on loopback, drives simulated devices through it and shows who did what.",
        mixinStandardHelpOptions = true)
final class Demo implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(Demo.class);

    /** Characters; together with what has a bound of its own they fit a terminal. */
    private static final int APP = 20;

    private static final int DESTINATION = 22;
    private static final int SPEAKS = 7;
    private static final int VERDICT = 8;
    private static final int REASON = 40;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--duration", paramLabel = "TIME", defaultValue = "60s", description = "At most so long (60s).")
    private String duration = "";

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Other devices' days (1).")
    private long seed;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

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
        try (DemoWorld world = DemoWorld.open(seed, clock)) {
            // Whoever breaks it off leaves nothing behind.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> closed(world), "demo-end"));
            progress.println(
                    "A gateway, its origins and four devices on loopback; policy, records and sockets are real.");
            ProgressBar bar = new ProgressBar(progress, "flows", world.size(), Boolean.getBoolean("postern.terminal"));
            int run = world.run(atMost, bar::at);
            bar.done();
            List<FlowRow> rows = world.finish();
            Report report = new Report(world.size(), run, rows, 0, 0, 0);
            if (json) {
                out.println(JsonMapper.shared().writeValueAsString(report));
            } else {
                print(report, out);
            }
            out.flush();
            return run == world.size() && report.implantsFound == report.implants && report.benignWithFindings == 0
                    ? Postern.OK
                    : Postern.FAILED;
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
        out.println("Detection is not in this version.");
        out.println(report.implantsFound + " implants found of " + report.implants + ", " + report.benignWithFindings
                + " benign apps with findings");
    }

    /**
     * As {@code --json} prints it.
     *
     * @param errands flows the devices wanted
     * @param run flows they got to
     */
    record Report(int errands, int run, List<FlowRow> rows, int implants, int implantsFound, int benignWithFindings) {}
}
