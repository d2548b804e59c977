package io.postern.helm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.SettingsReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** values.yaml, its schema and the templates speak of the same values. */
class ValuesTest {

    private static final Path SCHEMA = Chart.DIR.resolve("values.schema.json");
    private static final boolean REGENERATE = System.getProperty("postern.regenerate") != null;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** The schema's part for {@code settings} is the product's own, so that Helm refuses what the gateway would. */
    @Test
    void settingsAreThoseOfTheProduct() throws IOException {
        ObjectNode schema = (ObjectNode) JSON.readTree(Files.readString(SCHEMA, UTF_8));
        ObjectNode product;
        try (InputStream in = SettingsReader.class.getResourceAsStream("postern.schema.json")) {
            product = (ObjectNode) JSON.readTree(in);
        }
        schema.set("$defs", product.remove("$defs"));
        // The chart's reader knows an older schema; what of the newer one is used means the same in both.
        product.remove("$schema");
        ((ObjectNode) schema.path("properties")).set("settings", product);
        forHelm(schema);
        String made = JSON.writeValueAsString(schema).replace("\r\n", "\n") + "\n";
        if (REGENERATE) {
            Files.writeString(SCHEMA, made, UTF_8);
        }
        assertThat(SCHEMA).content(UTF_8).isEqualTo(made);
    }

    /**
     * Less what Helm has no use for: defaults, which it does not fill in, and our own keywords; and less what it cannot
     * read: Go's regular expressions look nowhere ahead and repeat a thousand times at most.
     */
    private static void forHelm(JsonNode node) {
        if (node instanceof ObjectNode object) {
            // A setting may be named default; what stands there is a schema then.
            if (object.has("default") && !object.path("default").has("type")) {
                object.remove("default");
            }
            object.remove(List.of("x-later", "x-grammar", "x-minimum", "x-maximum"));
            if (object.path("pattern").isString()) {
                String pattern = object.path("pattern").asString();
                object.put(
                        "pattern",
                        pattern.replaceAll("\\{(\\d+),\\d{4,}}", "{$1,}").replaceAll("\\(\\?[!=][^)]*\\)", ""));
            }
        }
        node.forEach(ValuesTest::forHelm);
    }

    @Test
    void everyValueIsReadByATemplate() throws IOException {
        String templates;
        try (Stream<Path> files = Files.list(Chart.DIR.resolve("templates"))) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.toList()) {
                all.append(Files.readString(file, UTF_8));
            }
            templates = all.toString();
        }
        JsonNode properties = JSON.readTree(Files.readString(SCHEMA, UTF_8))
                .path("properties")
                .deepCopy();
        ((ObjectNode) properties).remove("settings");
        List<String> paths = new ArrayList<>();
        leaves("", properties, paths);

        assertThat(paths).hasSizeGreaterThan(40).allSatisfy(path -> {
            // Named in full, or as the last step behind a variable that stands for what is before it.
            String last = path.substring(path.lastIndexOf('.'));
            assertThat(templates)
                    .containsPattern("(Values|\\$v|\\$policy|\\$service)"
                            + (path.startsWith(".services") || path.startsWith(".networkPolicy")
                                    ? ".*?\\" + last
                                    : path.replace(".", "\\."))
                            + "\\b");
        });
    }

    @Test
    void everyDefaultIsInTheSchema() throws IOException {
        JsonNode values = Chart.YAML.readTree(Files.readString(Chart.DIR.resolve("values.yaml"), UTF_8));
        JsonNode properties = JSON.readTree(Files.readString(SCHEMA, UTF_8)).path("properties");

        assertThat(values.propertyNames()).containsExactlyInAnyOrderElementsOf(properties.propertyNames());
    }

    private static void leaves(String before, JsonNode properties, List<String> into) {
        properties.properties().forEach(each -> {
            String path = before + "." + each.getKey();
            JsonNode inner = each.getValue().path("properties");
            if (inner.isObject() && !path.equals(".resources")) {
                leaves(path, inner, into);
            } else if (path.equals(".services")) {
                leaves(path, each.getValue().at("/additionalProperties/properties"), into);
            } else {
                into.add(path);
            }
        });
    }
}
