package io.postern.gateway.cli;

import io.postern.config.GatewaySettings;
import io.postern.config.GatewaySettings.TagKey;
import io.postern.config.SecretFile;
import io.postern.config.document.Reading;
import io.postern.config.grammar.Units;
import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.identity.TagKeyMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code enroll}: a client profile with tags, to stdout. It holds credentials. */
@Command(
        name = "enroll",
        description = "Prints a client profile with a device's tags, signed with the first tag key.",
        mixinStandardHelpOptions = true)
final class Enroll implements Callable<Integer> {

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(3650);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--device",
            required = true,
            paramLabel = "ID",
            description = "Device id; of an AMAPI name its last part.")
    private String device = "";

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = "work",
            description = "Android user id or profile name (default: work).")
    private String profile = "";

    @Option(
            names = "--app",
            required = true,
            arity = "1..*",
            paramLabel = "PKG",
            description = "Package names; - is the device itself.")
    private List<String> apps = List.of();

    @Option(
            names = "--gateway",
            required = true,
            paramLabel = "HOST:PORT",
            description =
                    "Where clients reach the gateway; https:// before it means TLS, http:// none, socks5:// SOCKS5. Otherwise the listener of that port in the configuration decides.")
    private String gateway = "";

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "30d",
            description = "How long the tags are good (default: 30d).")
    private String ttl = "";

    @Option(names = "--format", required = true, paramLabel = "FORMAT", description = "sing-box or curl.")
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

    private final Clock clock;

    Enroll(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException {
        Reading<GatewaySettings> reading = Configured.settings(config, System.getenv());
        List<String> faults = new ArrayList<>(
                reading.problems().stream().map(Object::toString).toList());
        String id = device.substring(device.lastIndexOf('/') + 1);
        expect(faults, "--device", id, CompactTag.DEVICE, "a device id, must be 1–64 of A-Z a-z 0-9 _ -");
        expect(faults, "--profile", profile, CompactTag.PROFILE, "a profile, must be 1–16 of A-Z a-z 0-9 -");
        apps.forEach(
                app -> expect(faults, "--app", app, CompactTag.APP, "a package, must be such as com.acme.mail or -"));
        Optional<Duration> life = life(faults);
        Optional<GatewayAddress> address = GatewayAddress.parse(gateway, reading.value());
        if (address.isEmpty()) {
            faults.add("--gateway: '" + gateway
                    + "' is not HOST:PORT, with https://, http:// or socks5:// before it or not");
        }
        if (!format.equals("sing-box") && !format.equals("curl")) {
            faults.add("--format: '" + format + "' is not in this version, must be sing-box or curl");
        }
        if (format.equals("curl") && apps.size() != 1) {
            faults.add("--app: a curl file speaks for one app, not " + apps.size());
        }
        ca.filter(file -> !Files.isReadable(file)).ifPresent(file -> faults.add("--ca: " + file + " cannot be read"));
        if (!faults.isEmpty() || reading.value().isEmpty() || life.isEmpty() || address.isEmpty()) {
            faults.forEach(spec.commandLine().getErr()::println);
            return Postern.BAD_USAGE_OR_CONFIGURATION;
        }
        Enrolment enrolment = enrolment(
                reading.value().get(), id, address.get(), clock.instant().plus(life.get()));
        spec.commandLine()
                .getOut()
                .print(format.equals("curl") ? CurlFile.of(enrolment) : SingBoxProfile.of(enrolment));
        spec.commandLine().getOut().flush();
        return Postern.OK;
    }

    private static void expect(List<String> faults, String option, String value, Pattern grammar, String what) {
        if (!grammar.matcher(value).matches()) {
            faults.add(option + ": '" + value + "' is not " + what);
        }
    }

    private Optional<Duration> life(List<String> faults) {
        Optional<Duration> life = Units.duration(ttl);
        if (life.isEmpty()) {
            faults.add("--ttl: '" + ttl + "' is not a duration, must be such as 12h or 30d");
        } else if (life.get().compareTo(SHORTEST) < 0 || life.get().compareTo(LONGEST) > 0) {
            faults.add("--ttl: is " + ttl + ", must be 1m to 3650d");
        }
        return life;
    }

    private Enrolment enrolment(GatewaySettings settings, String id, GatewayAddress address, Instant until)
            throws IOException {
        TagKey first = settings.identity().tagKeys().get(0);
        if (!Files.exists(first.secretFile())) {
            throw new IOException(first.secretFile() + " does not exist; serve makes it at its first start");
        }
        TagKeyMaterial key = new TagKeyMaterial(first.id(), SecretFile.read(first.secretFile()));
        String tenant = settings.identity().tenant();
        Map<String, CompactTag> tags = new LinkedHashMap<>();
        LinkedHashSet<String> speakers = new LinkedHashSet<>(apps);
        speakers.add(Enrolment.DEVICE_ITSELF);
        for (String app : speakers) {
            tags.put(app, CompactTag.sign(key, tenant, id, profile, app, until.getEpochSecond()));
        }
        return new Enrolment(tags, apps.get(0), address, until, ca, certificates());
    }

    private List<String> certificates() throws IOException {
        return ca.isPresent() ? Files.readAllLines(ca.get()) : List.of();
    }
}
