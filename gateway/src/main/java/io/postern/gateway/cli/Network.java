package io.postern.gateway.cli;

import io.postern.config.Bind;
import io.postern.config.GatewaySettings;
import io.postern.config.ListenSettings;
import io.postern.config.ListenSettings.Ingress;
import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import io.postern.gateway.network.TunnelRules;
import io.postern.gateway.network.TunnelRules.Steering;
import io.postern.wire.ip.Prefix;
import java.io.IOException;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code network up|down|show}: nftables and routing for {@code transparent} listeners. */
@Command(
        name = "network",
        description = {
            "Leads what comes out of a tunnel to transparent listeners, by nft and ip; Linux, needs CAP_NET_ADMIN.",
            "While it is up, what the gateway does not take goes nowhere, also while no gateway runs. See docs/ways-in.md."
        },
        mixinStandardHelpOptions = true)
final class Network implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** What is led where. */
    static final class Tunnel {

        @Option(
                names = "--interface",
                required = true,
                arity = "1..*",
                paramLabel = "NAME",
                description = "The tunnel's interfaces, by their whole names; they need not be there yet.")
        private List<String> interfaces = List.of();

        @Option(
                names = "--listener",
                arity = "1..*",
                paramLabel = "NAME",
                description = "The listeners of the settings it goes to; all that are transparent unless said.")
        private List<String> listeners = List.of();

        @Option(
                names = "--exclude",
                arity = "1..*",
                paramLabel = "PREFIX",
                description = "Networks that the tunnel reaches past the gateway, unseen; this host must forward.")
        private List<String> excluded = List.of();

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "The settings; without it the embedded defaults.")
        private Optional<Path> config = Optional.empty();
    }

    /** The numbers that are to be nobody else's on this host. */
    static final class Numbers {

        @Option(
                names = "--mark",
                paramLabel = "N",
                defaultValue = "0x50",
                description = "Mark of the packets that are led (default: ${DEFAULT-VALUE}).")
        private String mark = "";

        @Option(
                names = "--table",
                paramLabel = "N",
                defaultValue = "5015",
                description = "Table of routes (default: ${DEFAULT-VALUE}).")
        private int table;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "up, down or show?");
    }

    @Command(
            name = "up",
            description = "Makes it so; what an earlier up made is replaced in one step.",
            mixinStandardHelpOptions = true)
    int up(@Mixin Tunnel tunnel, @Mixin Numbers numbers) throws IOException {
        Optional<TunnelRules> rules = rules(tunnel, numbers);
        return rules.isEmpty()
                ? Postern.BAD_USAGE_OR_CONFIGURATION
                : run("up", rules.get().up());
    }

    @Command(
            name = "down",
            description = {
                "Takes away what up made, and nothing else; asks for the numbers that up had.",
                "Where this host forwards, the tunnel's traffic then passes it unseen."
            },
            mixinStandardHelpOptions = true)
    int down(@Mixin Numbers numbers) throws IOException {
        Optional<Steering> steering = steering(numbers, new ArrayList<>());
        return steering.isEmpty()
                ? Postern.BAD_USAGE_OR_CONFIGURATION
                : run("down", steering.get().down());
    }

    @Command(name = "show", description = "Prints the script of sh that up would run.", mixinStandardHelpOptions = true)
    int show(@Mixin Tunnel tunnel, @Mixin Numbers numbers) {
        Optional<TunnelRules> rules = rules(tunnel, numbers);
        rules.ifPresent(made -> spec.commandLine().getOut().print(made.up()));
        spec.commandLine().getOut().flush();
        return rules.isEmpty() ? Postern.BAD_USAGE_OR_CONFIGURATION : Postern.OK;
    }

    private static int run(String what, String script) throws IOException {
        Process shell =
                new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = shell.onExit().join().exitValue();
        if (exit != 0) {
            throw new IOException("network " + what + ": sh ended with " + exit
                    + "; nft and ip must be there, and CAP_NET_ADMIN\n" + said.strip());
        }
        return Postern.OK;
    }

    private Optional<TunnelRules> rules(Tunnel tunnel, Numbers numbers) {
        Reading<GatewaySettings> reading = Configured.settings(tunnel.config, System.getenv());
        List<String> faults = new ArrayList<>(
                reading.problems().stream().map(Problem::toString).toList());
        tunnel.interfaces.stream()
                .filter(name -> !TunnelRules.INTERFACE.matcher(name).matches())
                .forEach(name -> faults.add(
                        "--interface: '" + name + "' is not an interface, must be its name of 1–15 A-Z a-z 0-9 _ . -"));
        List<Prefix> excluded = excluded(tunnel, faults);
        List<TunnelRules.Listener> listeners = reading.value()
                .map(settings -> listeners(settings.listeners(), tunnel.listeners, faults))
                .orElse(List.of());
        return steering(numbers, faults)
                .map(steering -> new TunnelRules(tunnel.interfaces, listeners, excluded, steering));
    }

    private static List<Prefix> excluded(Tunnel tunnel, List<String> faults) {
        List<Prefix> excluded = new ArrayList<>();
        for (String network : tunnel.excluded) {
            try {
                excluded.add(Prefix.parse(network));
            } catch (IllegalArgumentException e) {
                faults.add("--exclude: " + e.getMessage());
            }
        }
        return excluded;
    }

    private static List<TunnelRules.Listener> listeners(
            List<ListenSettings> all, List<String> wanted, List<String> faults) {
        List<ListenSettings> transparent = all.stream()
                .filter(listener -> listener.type() == Ingress.TRANSPARENT)
                .filter(listener -> wanted.isEmpty() || wanted.contains(listener.name()))
                .toList();
        wanted.stream()
                .filter(name ->
                        transparent.stream().noneMatch(found -> found.name().equals(name)))
                .forEach(name -> faults.add("--listener: '" + name + "' is not a transparent listener"));
        if (transparent.isEmpty() && wanted.isEmpty()) {
            faults.add("listeners: none is transparent, must be one at least");
        }
        List<Bind> binds = transparent.stream().map(ListenSettings::bind).toList();
        if (binds.stream().anyMatch(bind -> bind.port() == 0)) {
            faults.add("listeners: one that is transparent has port 0, must be the port it will have");
        }
        if (binds.stream().filter(Network::four).count() > 1
                || binds.stream().filter(Network::six).count() > 1) {
            faults.add("--listener: several transparent listeners have the same family, must be one for each");
        }
        return transparent.stream()
                .map(listener -> new TunnelRules.Listener(listener.bind(), listener.udp()))
                .toList();
    }

    private static boolean four(Bind bind) {
        return !six(bind) || bind.address().isAnyLocalAddress();
    }

    private static boolean six(Bind bind) {
        return bind.address() instanceof Inet6Address;
    }

    /** Tells the faults, with its own; empty when there are any. */
    private Optional<Steering> steering(Numbers numbers, List<String> faults) {
        int mark = mark(numbers.mark);
        if (mark == 0) {
            faults.add("--mark: is " + numbers.mark + ", must be 1 to 0xffffffff");
        }
        // Those below 253 are in use on many hosts, 253 to 255 are the system's, rules from 32766 on are looked at
        // late.
        if (numbers.table < 1 || numbers.table > 65_535 || (numbers.table >= 253 && numbers.table <= 255)) {
            faults.add("--table: is " + numbers.table + ", must be 1 to 65535 and not 253 to 255");
        }
        faults.forEach(spec.commandLine().getErr()::println);
        return faults.isEmpty() ? Optional.of(new Steering(mark, numbers.table)) : Optional.empty();
    }

    /** Unsigned; 0, which is the mark of every packet, when it is none. */
    private static int mark(String text) {
        try {
            long mark = Long.decode(text);
            return mark > 0 && mark <= 0xffff_ffffL ? (int) mark : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
