package io.postern.gateway.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.config.GatewaySettings;
import io.postern.config.document.Reading;
import io.postern.config.services.DomainSources;
import io.postern.config.services.ServiceAddresses;
import io.postern.config.services.ServiceClassList;
import io.postern.config.services.ServiceClasses;
import io.postern.config.services.Tenants;
import io.postern.dns.names.PublicSuffixes;
import io.postern.gateway.state.OwnFile;
import io.postern.wire.ip.HostText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code services}: what destinations are known for, and where that is from. */
@Command(
        name = "services",
        description = "Shows and makes anew the list of what destinations are known for.",
        mixinStandardHelpOptions = true)
final class ServicesCommand implements Runnable {

    private final Clock clock;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ServicesCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "list, show or refresh?");
    }

    /** As {@code --json} prints it. */
    record Listed(String source, String date, int patterns, List<String> classes, String publicSuffixes) {}

    @Command(
            name = "list",
            description = "Lists the classes, and tells where the list is from.",
            mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--config", paramLabel = "FILE", description = "The settings; without it the shipped list.")
                    Optional<Path> config,
            @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        Optional<ServiceClasses> classes = classes(config);
        if (classes.isEmpty()) {
            return Postern.BAD_USAGE_OR_CONFIGURATION;
        }
        ServiceClasses.Provenance from = classes.get().provenance();
        Listed listed = new Listed(
                from.source(), from.date(), from.patterns(), ServiceClasses.NAMES, PublicSuffixes.SHIPPED.toString());
        if (json) {
            out().println(JsonMapper.shared().writeValueAsString(listed));
            return Postern.OK;
        }
        out().println("source: " + Table.plain(listed.source));
        out().println("date: " + Table.plain(listed.date) + ", patterns: " + listed.patterns + ", public suffixes: "
                + listed.publicSuffixes);
        listed.classes.forEach(out()::println);
        return Postern.OK;
    }

    /** As {@code --json} prints it; tenant and domain are empty where the name shows none. */
    record Shown(String host, Set<String> classes, String domain, String tenant, String source, String date) {}

    @Command(
            name = "show",
            description = "Tells what a host is known for, whose domain it is, and whose part of a platform.",
            mixinStandardHelpOptions = true)
    int show(
            @Parameters(paramLabel = "HOST", description = "A host name or an address.") String host,
            @Option(names = "--config", paramLabel = "FILE", description = "The settings; without it the shipped list.")
                    Optional<Path> config,
            @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        Optional<ServiceClasses> classes = classes(config);
        if (classes.isEmpty()) {
            return Postern.BAD_USAGE_OR_CONFIGURATION;
        }
        Shown shown = new Shown(
                host,
                new TreeSet<>(classes(classes.get(), host)),
                PublicSuffixes.shipped().registrable(host),
                Tenants.shipped().of(host),
                classes.get().provenance().source(),
                classes.get().provenance().date());
        if (json) {
            out().println(JsonMapper.shared().writeValueAsString(shown));
            return Postern.OK;
        }
        out().println("classes: " + (shown.classes.isEmpty() ? "-" : String.join(", ", shown.classes)));
        out().println("domain: " + (shown.domain.isEmpty() ? "-" : shown.domain));
        out().println("tenant: " + (shown.tenant.isEmpty() ? "-" : shown.tenant));
        out().println("list: " + Table.plain(shown.date) + ", " + Table.plain(shown.source));
        return Postern.OK;
    }

    private static Set<String> classes(ServiceClasses names, String host) {
        return HostText.of(host) instanceof HostText.Literal literal
                ? ServiceAddresses.shipped().of(literal.address())
                : names.of(host);
    }

    /** Of what a list is made. */
    static final class Parts {
        @Option(names = "--from", paramLabel = "DIR", description = "The checkout, or its folder data.")
        Optional<Path> from = Optional.empty();

        @ArgGroup(exclusive = false)
        @Nullable
        One one;
    }

    /** One list of domains, and what its names are known for. */
    static final class One {
        @Option(
                names = "--list",
                required = true,
                paramLabel = "FILE",
                description = "One list of domains in the checkout's form; what it includes stands beside it.")
        Path list = Path.of("");

        @Option(
                names = "--classes",
                required = true,
                paramLabel = "CLASS[,CLASS]",
                description = "What its names are known for.")
        String classes = "";

        @Option(
                names = "--base",
                paramLabel = "FILE",
                description = "A made list, for all else; without it the shipped.")
        Optional<Path> base = Optional.empty();
    }

    /** As {@code --json} prints it. */
    record Done(String file, String source, String date, int patterns) {}

    @Command(
            name = "refresh",
            description =
                    "Makes a list of a checkout of v2fly/domain-list-community, or of another with the names of one list of"
                            + " domains; services.file has the gateway take it.",
            mixinStandardHelpOptions = true)
    int refresh(
            @ArgGroup(multiplicity = "1") Parts of,
            @Option(names = "--out", required = true, paramLabel = "FILE", description = "The list; replaced whole.")
                    Path file,
            @Option(
                            names = "--mapping",
                            paramLabel = "FILE",
                            description = "With --from: which list is which class, instead of the shipped mapping.")
                    Optional<Path> mapping,
            @Option(
                            names = "--source",
                            paramLabel = "TEXT",
                            defaultValue = "v2fly/domain-list-community (MIT), and our own",
                            description = "Where it is from, such as the commit; kept in the list.")
                    String source,
            @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        if (source.chars().anyMatch(Character::isISOControl)) {
            throw new ParameterException(spec.commandLine(), "--source: must be one line");
        }
        Path next = file.resolveSibling(file.getFileName() + ".made");
        try {
            LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
            String made =
                    of.one == null ? made(of.from.orElseThrow(), mapping, source, today) : made(of.one, source, today);
            OwnFile.replace(next, made.getBytes(UTF_8));
        } catch (UncheckedIOException | IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        // Only what the gateway would read takes the place of what it reads now.
        ServiceClasses.Provenance provenance = ServiceClasses.read(next).provenance();
        OwnFile.replace(file, Files.readAllBytes(next));
        Files.delete(next);
        Done done = new Done(file.toString(), provenance.source(), provenance.date(), provenance.patterns());
        out().println(
                        json
                                ? JsonMapper.shared().writeValueAsString(done)
                                : done.file + ": patterns: " + done.patterns + ", date: " + done.date
                                        + "; set services.file to it and start the gateway again");
        return Postern.OK;
    }

    private static String made(Path from, Optional<Path> mapping, String source, LocalDate today) throws IOException {
        Path data = Files.isDirectory(from.resolve("data")) ? from.resolve("data") : from;
        List<String> lines =
                mapping.isPresent() ? Files.readAllLines(mapping.get(), UTF_8) : ServiceClassList.mapping();
        return ServiceClassList.of(lines, new DomainSources(data), source, today);
    }

    private static String made(One one, String source, LocalDate today) throws IOException {
        List<String> base =
                one.base.isPresent() ? Files.readAllLines(one.base.get(), UTF_8) : ServiceClassList.shipped();
        Path list = one.list.toAbsolutePath();
        return ServiceClassList.with(
                one.classes,
                String.valueOf(list.getFileName()),
                new DomainSources(list.resolveSibling("")),
                base,
                source,
                today);
    }

    private Optional<ServiceClasses> classes(Optional<Path> config) throws IOException {
        if (config.isEmpty()) {
            return Optional.of(ServiceClasses.shipped());
        }
        Reading<GatewaySettings> settings = Configured.settings(config, System.getenv());
        settings.problems().forEach(spec.commandLine().getErr()::println);
        return settings.value().isEmpty()
                ? Optional.empty()
                : Optional.of(Configured.services(settings.value().get()));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
