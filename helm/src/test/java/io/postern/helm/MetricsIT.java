package io.postern.helm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What rules and dashboards ask for is what the gateway tells: names of metrics, of labels, and values where they are named. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "secrets have modes of POSIX")
class MetricsIT {

    private static final Pattern SELECTOR =
            Pattern.compile("\\b((?:postern|jvm|netty|process)_[a-z0-9_]+)(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|!=|=)\"([^\"]*)\"");
    private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^((?:postern|jvm|netty|process)_\\w+)(?:\\{([^}]*)})? ");

    /** Labels that Prometheus adds. */
    private static final Set<String> OF_THE_SCRAPE = Set.of("instance", "job", "pod", "namespace");

    @Test
    void everyRuleAndPanelAsksForWhatIsTold(@TempDir Path folder) throws IOException, InterruptedException {
        Map<String, Map<String, Set<String>>> told = told(folder);
        List<String> missing = new ArrayList<>();
        for (JsonNode rule : Rules.all()) {
            look(rule.path("expr").asString(), told, missing);
        }
        for (Dashboard dashboard : Dashboard.all()) {
            dashboard.panels().forEach(panel -> panel.queries().values().forEach(query -> look(query, told, missing)));
        }
        assertThat(told).hasSizeGreaterThan(50);
        assertThat(missing).isEmpty();
    }

    /** A case that fires by a label the gateway never tells says nothing about the rule. */
    @Test
    void everySeriesOfTheRulesCasesIsTold(@TempDir Path folder) throws IOException, InterruptedException {
        Map<String, Map<String, Set<String>>> told = told(folder);
        List<String> missing = new ArrayList<>();
        List<String> series = Rules.series();
        series.forEach(each -> look(each, told, missing));
        assertThat(series).hasSizeGreaterThan(50);
        assertThat(missing).isEmpty();
    }

    /** What is told and seen nowhere is of use to nobody, unless somebody says why. */
    @Test
    void everyMetricIsOnADashboardOrLeftOutForAReason(@TempDir Path folder) throws IOException, InterruptedException {
        Set<String> told = told(folder).keySet().stream()
                .filter(name -> name.startsWith("postern_"))
                .map(MetricsIT::family)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> shown = new TreeSet<>(Dashboard.leftOut().keySet());
        for (Dashboard dashboard : Dashboard.all()) {
            for (Dashboard.Panel panel : dashboard.panels()) {
                for (String query : panel.queries().values()) {
                    Matcher selector = SELECTOR.matcher(query);
                    while (selector.find()) {
                        String name = family(selector.group(1));
                        assertThat(Dashboard.leftOut()).doesNotContainKey(name);
                        if (name.startsWith("postern_")) {
                            shown.add(name);
                        }
                    }
                }
            }
        }
        assertThat(told).isEqualTo(shown);
        assertThat(Dashboard.leftOut().values())
                .allSatisfy(reason -> assertThat(reason).isNotBlank());
    }

    /** A histogram is one metric of several names. */
    private static String family(String name) {
        return name.replaceFirst("_seconds_(bucket|count|sum|max)$", "_seconds");
    }

    private static void look(String expression, Map<String, Map<String, Set<String>>> told, List<String> missing) {
        Set<String> labels = new HashSet<>(OF_THE_SCRAPE);
        Matcher selector = SELECTOR.matcher(expression);
        while (selector.find()) {
            Map<String, Set<String>> has = told.get(selector.group(1));
            if (has == null) {
                missing.add(selector.group(1));
                continue;
            }
            labels.addAll(has.keySet());
            Matcher matcher = MATCHER.matcher(selector.group(2) == null ? "" : selector.group(2));
            while (matcher.find()) {
                if (OF_THE_SCRAPE.contains(matcher.group(1))) {
                    continue;
                }
                Set<String> values = has.getOrDefault(matcher.group(1), Set.of());
                for (String value : matcher.group(3).split("\\|", -1)) {
                    if (!values.contains(value)) {
                        missing.add(selector.group(1) + "{" + matcher.group(1) + "=\"" + value + "\"}");
                    }
                }
            }
        }
        Matcher by = BY.matcher(expression);
        while (by.find()) {
            for (String label : by.group(1).split(", *", -1)) {
                if (!labels.contains(label)) {
                    missing.add(expression + ": by " + label);
                }
            }
        }
    }

    private static Map<String, Map<String, Set<String>>> told(Path folder) throws IOException, InterruptedException {
        try (Gateway gateway = Gateway.start(folder, settings(folder))) {
            return labels(gateway.metrics());
        }
    }

    /** With everything on that brings metrics of its own. */
    private static String settings(Path folder) throws IOException, InterruptedException {
        Certificate.mint(folder);
        for (String name : List.of("key", "nightly", "well", "gone")) {
            Path key = Files.writeString(folder.resolve(name), name.repeat(20), UTF_8);
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        }
        return """
                listeners:
                  - {name: apps, type: http-connect, bind: "127.0.0.1:0", tls: {certificate: tls.crt, key: tls.key}}
                identity: {tag-keys: [{id: k1, secret-file: key}]}
                context:
                  bind: "127.0.0.1:0"
                  tls: {certificate: tls.crt, key: tls.key}
                  sources:
                    - {name: agent, token-file: key, devices: ["*"], reports: [lock]}
                    - {name: nightly, token-file: nightly, devices: ["*"], reports: [lock]}
                    - {name: well, token-file: well, devices: ["*"], reports: [lock]}
                    - {name: gone, token-file: gone, devices: ["*"], reports: [lock]}
                response: {webhook: {url: "http://127.0.0.1:9/", secret-file: key}}
                admin: {bind: "127.0.0.1:0"}
                state: {dir: var}
                """;
    }

    /** Of a scrape: the values of each label of each metric. */
    private static Map<String, Map<String, Set<String>>> labels(String scrape) {
        Map<String, Map<String, Set<String>>> metrics = new HashMap<>();
        Matcher sample = SAMPLE.matcher(scrape);
        while (sample.find()) {
            Map<String, Set<String>> labels = metrics.computeIfAbsent(sample.group(1), name -> new HashMap<>());
            Matcher pair = MATCHER.matcher(sample.group(2) == null ? "" : sample.group(2));
            while (pair.find()) {
                labels.computeIfAbsent(pair.group(1), name -> new HashSet<>()).add(pair.group(3));
            }
        }
        return metrics;
    }
}
