package io.postern.gateway.cli;

import io.postern.config.GatewaySettings;
import io.postern.config.document.Reading;
import io.postern.config.grammar.Addresses;
import io.postern.config.grammar.Units;
import io.postern.gateway.enrolment.Enrollee;
import io.postern.gateway.enrolment.Enrolment;
import io.postern.gateway.enrolment.GatewayAddress;
import io.postern.gateway.enrolment.ProfileFormat;
import io.postern.gateway.enrolment.VpnClient;
import io.postern.gateway.identity.DeviceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code enroll}: client profiles with tags, to stdout or into a folder. They hold credentials. */
@Command(
        name = "enroll",
        description = {
            "Makes client profiles for a device or a fleet, their tags signed with the first tag key.",
            "A WireGuard client tells which device it is and never which app, unless one app alone is in its tunnel; the clients of managed-configuration tell neither, whoever ends their VPN must. See docs/enrolment.md."
        },
        mixinStandardHelpOptions = true)
final class Enroll implements Callable<Integer> {

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(3650);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--device", paramLabel = "ID", description = "Device id; of an AMAPI name its last part.")
    private Optional<String> device = Optional.empty();

    @Option(
            names = "--devices",
            paramLabel = "FILE",
            description =
                    "A list instead: CSV with the header device,profile,address,apps (the device must be there), or NDJSON with these members.")
    private Optional<Path> devices = Optional.empty();

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = Enrollee.PROFILE,
            description = "Android user id or profile name (default: work).")
    private String profile = "";

    @Option(
            names = "--app",
            arity = "1..*",
            paramLabel = "PKG",
            description =
                    "Package names; - is the device itself, and lets all its apps into the tunnel. With --devices for lines that have none.")
    private List<String> apps = List.of();

    @Option(
            names = "--gateway",
            required = true,
            arity = "1..*",
            paramLabel = "HOST:PORT",
            description =
                    "Where clients reach the gateway, the preferred first; https:// before it means TLS, http:// none, socks5:// and socks5+tls:// SOCKS5. Otherwise the listener of that port in the configuration decides. Of wireguard and managed-configuration: where the VPN ends.")
    private List<String> gateways = List.of();

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "30d",
            description = "How long the tags are good (default: 30d).")
    private String ttl = "";

    @Option(names = "--format", required = true, paramLabel = "FORMAT", description = ProfileFormat.LABELS + ".")
    private String format = "";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The settings; without it the embedded defaults, state under ./var.")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "PEM certificates that sign the gateway's, for clients that do not know them.")
    private Optional<Path> ca = Optional.empty();

    @Option(
            names = "--address",
            arity = "1..2",
            paramLabel = "IP",
            description = "wireguard: the device's addresses inside the tunnel, one of a family.")
    private List<String> addresses = List.of();

    @Option(
            names = "--peer-key",
            paramLabel = "KEY",
            description = "wireguard: the public key of the gateway's side, as wg prints it.")
    private Optional<String> peerKey = Optional.empty();

    @Option(names = "--dns", arity = "1..*", paramLabel = "IP", description = "wireguard: who is asked for names.")
    private List<String> nameServers = List.of();

    @Option(
            names = "--client",
            paramLabel = "NAME",
            defaultValue = "strongswan",
            description =
                    "managed-configuration: strongswan (default), openvpn, anyconnect, wireguard or sing-box; the last two take their profile by other ways.")
    private String client = "";

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Writes a file per device (mode 0600) and manifest.ndjson there.")
    private Optional<Path> out = Optional.empty();

    @Option(
            names = "--renew-within",
            paramLabel = "TIME",
            description =
                    "With --out: leaves alone what is good for longer. Without --devices: renews what the manifest holds.")
    private Optional<String> renewWithin = Optional.empty();

    @Option(names = "--json", description = "Prints what was done, or the profiles, as JSON lines.")
    private boolean json;

    private final Clock clock;

    Enroll(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException {
        Reading<GatewaySettings> reading = Configured.settings(config, System.getenv());
        List<String> faults = new ArrayList<>(
                reading.problems().stream().map(Object::toString).toList());
        Optional<ProfileFormat> kind = ProfileFormat.of(format);
        if (kind.isEmpty()) {
            faults.add("--format: '" + format + "' is none, must be " + ProfileFormat.LABELS);
        }
        who(faults, reading.value(), kind);
        Optional<Enrolment.Offer> offer = offer(faults, reading.value(), kind);
        Optional<Duration> within = renewWithin.flatMap(text -> duration(faults, "--renew-within", text));
        if (!faults.isEmpty() || reading.value().isEmpty() || kind.isEmpty() || offer.isEmpty()) {
            return refuse(faults);
        }
        if (kind.get() != ProfileFormat.WIREGUARD) {
            offer.get().gateways().stream().filter(GatewayAddress::guessed).forEach(this::warnOfGuess);
        }
        return new EnrollRun(
                        new EnrollRun.Wanted(device(), devices, profile, apps, out, within, json),
                        reading.value().get().identity(),
                        kind.get(),
                        offer.get(),
                        clock,
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr())
                .run();
    }

    private void warnOfGuess(GatewayAddress gateway) {
        spec.commandLine()
                .getErr()
                .println("warning: no listener of the settings has port " + gateway.port()
                        + ", so it is taken for HTTP in clear text; write https:// or socks5:// before "
                        + gateway.host());
    }

    private int refuse(List<String> faults) {
        faults.forEach(spec.commandLine().getErr()::println);
        return Postern.BAD_USAGE_OR_CONFIGURATION;
    }

    private Optional<Enrolment.Offer> offer(
            List<String> faults, Optional<GatewaySettings> settings, Optional<ProfileFormat> kind) throws IOException {
        Optional<Duration> life = duration(faults, "--ttl", ttl);
        List<GatewayAddress> reached = new ArrayList<>();
        for (String gateway : gateways) {
            GatewayAddress.parse(gateway, settings)
                    .ifPresentOrElse(
                            reached::add,
                            () -> faults.add(
                                    "--gateway: '" + gateway
                                            + "' is not HOST:PORT, with https://, http://, socks5:// or socks5+tls:// before it or not"));
        }
        Optional<VpnClient> vpn = VpnClient.of(client);
        if (vpn.isEmpty()) {
            faults.add("--client: '" + client
                    + "' is none, must be strongswan, openvpn, anyconnect, wireguard or sing-box");
        }
        ca.filter(file -> !Files.isReadable(file)).ifPresent(file -> faults.add("--ca: " + file + " cannot be read"));
        nameServers.stream()
                .filter(server -> Addresses.address(server).isEmpty())
                .forEach(server -> faults.add("--dns: '" + server + "' is not an IP address"));
        if (kind.filter(ProfileFormat.WIREGUARD::equals).isEmpty()
                && (!addresses.isEmpty() || peerKey.isPresent() || !nameServers.isEmpty())) {
            faults.add("--address, --peer-key and --dns are of --format wireguard");
        }
        if (!faults.isEmpty() || life.isEmpty() || vpn.isEmpty()) {
            return Optional.empty();
        }
        Enrolment.Offer offer = new Enrolment.Offer(
                reached,
                clock.instant().plus(life.get()),
                ca,
                ca.isPresent() ? Files.readAllLines(ca.get()) : List.of(),
                peerKey,
                nameServers,
                vpn.get());
        kind.ifPresent(some -> some.faults(offer).forEach(fault -> faults.add("--" + fault)));
        return Optional.of(offer);
    }

    /** Whether it is clear for whom. */
    private void who(List<String> faults, Optional<GatewaySettings> settings, Optional<ProfileFormat> kind) {
        device().ifPresent(who -> {
            String keyId =
                    settings.map(read -> read.identity().tagKeys().get(0).id()).orElse("");
            who.faults(keyId).forEach(fault -> faults.add("--" + fault));
            kind.ifPresent(some -> some.faults(who).forEach(fault -> faults.add("--" + fault)));
        });
        if (device.isPresent() && devices.isPresent()) {
            faults.add("--device and --devices: must be one of them");
        }
        if (device.isEmpty() && devices.isEmpty() && (out.isEmpty() || renewWithin.isEmpty())) {
            faults.add("--device: is missing, and so are --devices, and --out with --renew-within");
        }
        if (renewWithin.isPresent() && out.isEmpty()) {
            faults.add("--renew-within: needs --out, where the manifest is");
        }
        if (renewWithin.isPresent() && kind.filter(some -> !some.tags()).isPresent()) {
            faults.add("--renew-within: " + format + " holds nothing that expires");
        }
    }

    private Optional<Enrollee> device() {
        return device.map(name -> new Enrollee(DeviceId.of(name), profile, apps, addresses));
    }

    private static Optional<Duration> duration(List<String> faults, String option, String text) {
        Optional<Duration> life = Units.duration(text);
        if (life.isEmpty()) {
            faults.add(option + ": '" + text + "' is not a duration, must be such as 12h or 30d");
        } else if (life.get().compareTo(SHORTEST) < 0 || life.get().compareTo(LONGEST) > 0) {
            faults.add(option + ": is " + text + ", must be 1m to 3650d");
        }
        return life;
    }
}
