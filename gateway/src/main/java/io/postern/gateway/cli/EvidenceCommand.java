package io.postern.gateway.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.postern.gateway.evidence.Manifest;
import io.postern.gateway.evidence.SigningKey;
import io.postern.gateway.evidence.Verification;
import io.postern.gateway.state.OwnFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code evidence}: signed bundles, made by the admin API of a running gateway and verified anywhere. */
@Command(
        name = "evidence",
        description = "Exports signed bundles of evidence, and verifies them.",
        mixinStandardHelpOptions = true)
final class EvidenceCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "export, verify, key, captures or capture?");
    }

    @Command(
            name = "export",
            description = "Writes what is known of a finding into one signed file. The export is audited.",
            mixinStandardHelpOptions = true)
    int export(
            @Mixin AdminAccess access,
            @Parameters(paramLabel = "FINDING", description = "As 'finding list' names it.") String finding,
            @Option(names = "--out", paramLabel = "FILE", description = "Where to; without it FINDING.zip here.")
                    Optional<Path> out)
            throws IOException {
        byte[] bundle =
                access.client().bytes("/v1/findings/" + AdminClient.encoded(finding) + "/evidence", "application/zip");
        Path file = out.orElseGet(() -> Path.of(finding.replaceAll("[^A-Za-z0-9._-]", "_") + ".zip"));
        write(file, bundle, out());
        return Postern.OK;
    }

    @Command(
            name = "captures",
            description = "Lists what was captured of apps that have findings.",
            mixinStandardHelpOptions = true)
    int captures(
            @Mixin AdminAccess access, @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        JsonNode all = access.client().get("/v1/captures", Map.of());
        if (json) {
            out().println(all);
            return Postern.OK;
        }
        Table table = new Table("FINDING", "BEGUN", "DELETED AT", "BYTES");
        all.get("captures")
                .forEach(one -> table.row(
                        one.get("finding").asString(),
                        one.get("begun").asString(),
                        one.get("deleted_at").asString(),
                        Long.toString(one.get("bytes").asLong())));
        table.print(out());
        return Postern.OK;
    }

    @Command(
            name = "capture",
            description = "Writes what was captured for a finding into a file (pcapng). Audited.",
            mixinStandardHelpOptions = true)
    int capture(
            @Mixin AdminAccess access,
            @Parameters(paramLabel = "FINDING", description = "As 'finding list' names it.") String finding,
            @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to.") Path out)
            throws IOException {
        String path = "/v1/findings/" + AdminClient.encoded(finding) + "/capture";
        write(out, access.client().bytes(path, "application/vnd.tcpdump.pcap"), out());
        return Postern.OK;
    }

    /** For whoever runs the command alone: there may be names of people's devices in it. */
    static void write(Path file, byte[] bundle, PrintWriter out) throws IOException {
        OwnFile.replace(file, bundle);
        out.println(file + ": " + bundle.length + " bytes");
    }

    @Command(
            name = "verify",
            description = {
                "Says whether a bundle is as it was signed, else which of its files is not; exit 1 then.",
                "Needs no gateway."
            },
            mixinStandardHelpOptions = true)
    int verify(
            @Parameters(paramLabel = "FILE", description = "A bundle.") Path file,
            @Option(
                            names = "--key",
                            required = true,
                            paramLabel = "PUB",
                            description =
                                    "The public key, PEM, as 'evidence key' prints it. Take it from the gateway, not from"
                                            + " whoever handed you the bundle.")
                    Path key,
            @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(file + " cannot be read");
        }
        Verification verified = Verification.of(file, SigningKey.publicKey(key));
        if (json) {
            ObjectNode told = JsonMapper.shared()
                    .createObjectNode()
                    .put("whole", verified.problems().isEmpty());
            verified.manifest()
                    .ifPresent(
                            manifest -> told.set("manifest", JsonMapper.shared().readTree(manifest.json())));
            ArrayNode problems = told.putArray("problems");
            verified.problems().forEach(problems::add);
            out().println(told);
        } else if (verified.problems().isEmpty()) {
            tell(file, verified.manifest().orElseThrow());
        } else {
            verified.problems().forEach(problem -> out().println(file + ": " + problem));
        }
        return verified.problems().isEmpty() ? Postern.OK : Postern.FAILED;
    }

    private void tell(Path file, Manifest manifest) {
        out().println(file + ": whole, made " + manifest.made() + " by " + manifest.by());
        Table table = new Table("FILE", "BYTES", "HOLDS");
        manifest.files().forEach(one -> table.row(one.name(), Long.toString(one.bytes()), one.holds()));
        table.print(out());
        manifest.leftOut().forEach(one -> out().println("left out of " + one.file() + ": " + one.why()));
    }

    @Command(
            name = "key",
            description = "Prints the public key of a running gateway, PEM.",
            mixinStandardHelpOptions = true)
    int key(@Mixin AdminAccess access) throws IOException {
        out().print(new String(access.client().bytes("/v1/evidence/key", "application/x-pem-file"), US_ASCII));
        out().flush();
        return Postern.OK;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
