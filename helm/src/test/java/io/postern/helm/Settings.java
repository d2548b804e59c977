package io.postern.helm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** The postern.yaml that a chart has rendered, and a pod's files for it. */
final class Settings {

    private static final Pattern SECRET = Pattern.compile("/etc/postern/secrets/([^/\"\\s]+/[^\"\\s]+)");

    private Settings() {}

    static JsonNode of(List<JsonNode> objects) {
        return Chart.YAML.readTree(text(objects));
    }

    static String text(List<JsonNode> objects) {
        return data(objects, "-settings").path("postern.yaml").asString();
    }

    static JsonNode data(List<JsonNode> objects, String suffix) {
        return Chart.ofKind(objects, "ConfigMap").stream()
                .filter(map -> map.at("/metadata/name").asString().endsWith(suffix))
                .findFirst()
                .orElseThrow()
                .path("data");
    }

    /** The settings as a file below a folder that stands for the pod's root, with every file that they name. */
    static Path inPod(List<JsonNode> objects, Path root) throws IOException {
        String text = text(objects);
        for (Matcher secret = SECRET.matcher(text); secret.find(); ) {
            Path file = root.resolve("etc/postern/secrets").resolve(secret.group(1));
            Files.createDirectories(file.getParent());
            Files.writeString(file, "k".repeat(64), UTF_8);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
        }
        Files.createDirectories(root.resolve("var/lib/postern"));
        policy(objects, root.resolve("etc/postern/policy"));
        String here = text.replace("/etc/postern/", root + "/etc/postern/")
                .replace("/var/lib/postern", root + "/var/lib/postern");
        return Files.writeString(root.resolve("etc/postern/postern.yaml"), here, UTF_8);
    }

    private static Set<Map.Entry<String, JsonNode>> policies(List<JsonNode> objects) {
        boolean ofTheChart = Chart.ofKind(objects, "ConfigMap").stream()
                .anyMatch(map -> map.at("/metadata/name").asString().endsWith("-policy"));
        return ofTheChart
                ? data(objects, "-policy").properties()
                : Set.of(Map.entry("theirs.yaml", StringNode.valueOf("{}")));
    }

    /** As kubelet mounts a ConfigMap: links to a folder that is a link itself. */
    private static void policy(List<JsonNode> objects, Path folder) throws IOException {
        Path data = Files.createDirectories(folder.resolve("..2026_11_22"));
        Files.createSymbolicLink(folder.resolve("..data"), data.getFileName());
        for (var file : policies(objects)) {
            Files.writeString(data.resolve(file.getKey()), file.getValue().asString(), UTF_8);
            Files.createSymbolicLink(folder.resolve(file.getKey()), Path.of("..data", file.getKey()));
        }
    }
}
