package io.postern.helm;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The chart, rendered by Helm itself. */
final class Chart {

    static final Path DIR = Path.of("postern");
    static final YAMLMapper YAML = new YAMLMapper();

    private static final Path CASES = Path.of("src/test/resources/charts");

    private Chart() {}

    /**
     * The chart's answer to values.
     *
     * @throws IllegalStateException as Helm words it, where it refuses them
     */
    static String render(Path values) {
        return render(values, "1.30.0");
    }

    /** @param kubernetes the version of the cluster that it is for */
    static String render(Path values, String kubernetes) {
        return new Helm(DIR)
                .template()
                .withName("gate")
                .withNamespace("mobile")
                .withKubeVersion(kubernetes)
                .withValuesFile(values)
                .call();
    }

    /** The objects of Kubernetes in what was rendered. */
    static List<JsonNode> objects(String rendered) {
        return YAML.readerFor(JsonNode.class).<JsonNode>readValues(rendered).readAll().stream()
                .filter(JsonNode::isObject)
                .toList();
    }

    static JsonNode only(List<JsonNode> objects, String kind) {
        List<JsonNode> found = ofKind(objects, kind);
        if (found.size() != 1) {
            throw new AssertionError("there are " + found.size() + " of " + kind + ", must be one");
        }
        return found.get(0);
    }

    static List<JsonNode> ofKind(List<JsonNode> objects, String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asString("").equals(kind))
                .toList();
    }

    /** The one Deployment, StatefulSet or DaemonSet. */
    static JsonNode workload(List<JsonNode> objects) {
        return objects.stream()
                .filter(object -> object.path("spec").has("template"))
                .findFirst()
                .orElseThrow();
    }

    static JsonNode named(JsonNode list, String name) {
        return list.valueStream()
                .filter(each -> each.path("name").asString("").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + name + " in " + list));
    }

    /** Folders with {@code values.yaml} and what comes of it, {@code expect.yaml}: a new case is a new folder. */
    static List<Path> cases() {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.sorted().toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
