package io.postern.gateway.cli;

import io.postern.config.GatewaySettings;
import io.postern.config.GatewaySettings.PolicyFiles;
import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import io.postern.config.policy.Policy;
import io.postern.config.services.ServiceClasses;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code check}: every problem of settings and policy at once. */
@Command(
        name = "check",
        description = "Validates configuration and policy; tells every problem at once.",
        mixinStandardHelpOptions = true)
final class Check implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--config", paramLabel = "FILE", description = "The settings; without it the embedded defaults.")
    private Optional<Path> config = Optional.empty();

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    private final Clock clock;
    private final Map<String, String> environment = System.getenv();

    Check(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        Reading<GatewaySettings> settings = Configured.settings(config, environment);
        Optional<PolicyFiles> files = Configured.policyFiles(config, environment, settings);
        Optional<Reading<Policy>> policy = files.map(where -> Configured.policy(where, clock));
        Optional<List<Problem>> inFiles = settings.value().map(Configured::problemsOfFiles);
        Report report = new Report(
                together(together(settings.problems(), inFiles), policy.map(Reading::problems)),
                together(settings.warnings(), policy.map(Reading::warnings)),
                settings.value()
                        .filter(read -> inFiles.filter(List::isEmpty).isPresent())
                        .flatMap(read ->
                                policy.flatMap(Reading::value).map(rules -> Summary.of(read, rules, services(read)))));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(report));
        } else {
            print(report, out);
        }
        return report.problems.isEmpty() ? Postern.OK : Postern.BAD_USAGE_OR_CONFIGURATION;
    }

    /** Of files without problems, so that they read. */
    private static ServiceClasses services(GatewaySettings settings) {
        try {
            return Configured.services(settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Problem> together(List<Problem> settings, Optional<List<Problem>> policy) {
        return Stream.concat(settings.stream(), policy.stream().flatMap(List::stream))
                .toList();
    }

    private void print(Report report, PrintWriter out) {
        report.problems.forEach(out::println);
        report.warnings.forEach(warning -> out.println("warning: " + warning));
        report.summary.ifPresentOrElse(
                summary -> out.println(Configured.name(config) + ": ok, " + summary.text()),
                () -> out.println(report.problems.size() + (report.problems.size() == 1 ? " problem" : " problems")));
    }

    /** As {@code --json} prints it. */
    record Report(List<Problem> problems, List<Problem> warnings, Optional<Summary> summary) {}

    /**
     * What a good configuration amounts to.
     *
     * @param managed where the gateway's own policy stands, which the admin API replaces; empty when files are its source
     */
    record Summary(
            int listeners,
            String tenant,
            int tagKeys,
            Optional<String> managed,
            String policy,
            int apps,
            int rules,
            int exceptions,
            Services services) {

        /** Where the service classes are from. */
        record Services(String source, String date, int patterns) {}

        static Summary of(GatewaySettings settings, Policy policy, ServiceClasses services) {
            return new Summary(
                    settings.listeners().size(),
                    settings.identity().tenant(),
                    settings.identity().tagKeys().size(),
                    Configured.managed(settings.policy()).map(Path::toString),
                    policy.version(),
                    policy.apps().size(),
                    policy.rules().size(),
                    policy.exceptions().size(),
                    new Services(
                            services.provenance().source(),
                            services.provenance().date(),
                            services.provenance().patterns()));
        }

        String text() {
            return "tenant %s, listeners: %d, tag keys: %d; service classes: %s; policy %s, apps: %d, rules: %d, exceptions: %d"
                    .formatted(
                            tenant,
                            listeners,
                            tagKeys,
                            services.date.isEmpty() ? "no date" : services.date,
                            source(),
                            apps,
                            rules,
                            exceptions);
        }

        private String source() {
            if (managed.isEmpty()) {
                return policy;
            }
            return policy.equals(Policy.EMPTY.version())
                    ? "managed, to be made as " + managed.get()
                    : policy + " (managed, " + managed.get() + ")";
        }
    }
}
