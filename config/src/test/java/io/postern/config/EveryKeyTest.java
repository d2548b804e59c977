package io.postern.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import io.postern.config.document.Yaml;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@link EverySetting} leaves no key of the schema out. */
class EveryKeyTest {

    /** What the schema has and the text has not, or has as the default, would be read back untested. */
    @Test
    void theTextHasEveryKey() {
        Setting everything = Yaml.read("everything", EverySetting.TEXT.getBytes(UTF_8), new Problems())
                .orElseThrow();
        List<String> untested = new ArrayList<>();
        untested(SettingsReader.shape().schema(), everything, untested);

        assertThat(untested)
                .as(
                        "managed leaves no files to read, without the API some keys are refused; SettingsReaderTest has both")
                .containsExactly(
                        "collectors[].type: \"pcapdroid\" is all there is",
                        "policy.managed: is the default",
                        "admin.api: is the default");
    }

    private static void untested(JsonNode schema, Setting setting, List<String> untested) {
        schema.path("properties").properties().forEach(property -> {
            JsonNode child = SettingsReader.shape().resolve(property.getValue());
            Optional<Setting> written = setting.find(property.getKey());
            if (written.isEmpty()) {
                untested.add(setting.path() + "." + property.getKey() + ": is missing");
            } else if (child.path("enum").size() == 1) {
                untested.add(written.get().path() + ": " + child.get("enum").get(0) + " is all there is");
            } else if (written.get().value().equals(child.path("default"))) {
                untested.add(written.get().path() + ": is the default");
            } else {
                untested(child, written.get(), untested);
                untested.addAll(ofAll(
                        SettingsReader.shape().resolve(child.path("items")),
                        written.get().items()));
            }
        });
    }

    /** What one item of a list may not have, another has: a key is untested when no item has it. */
    private static Set<String> ofAll(JsonNode schema, List<Setting> items) {
        Set<String> ofAll = new LinkedHashSet<>();
        for (int i = 0; i < items.size(); i++) {
            List<String> ofThis = new ArrayList<>();
            untested(schema, items.get(i), ofThis);
            ofThis.replaceAll(line -> line.replaceFirst("\\[\\d+]", "[]"));
            if (i == 0) {
                ofAll.addAll(ofThis);
            } else {
                ofAll.retainAll(ofThis);
            }
        }
        return ofAll;
    }
}
