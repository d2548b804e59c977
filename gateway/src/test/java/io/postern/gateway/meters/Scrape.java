package io.postern.gateway.meters;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A scraped text, read strictly: a line that is neither a comment nor a sample, or a series told twice, is a fault. */
public final class Scrape {
    private static final String LABEL = "[a-zA-Z_]\\w*=\"(?:[^\"\\\\\\n]|\\\\[\\\\n\"])*\"";
    private static final Pattern SAMPLE = Pattern.compile("(?<series>(?<name>[a-zA-Z_:][\\w:]*)(?:\\{(?:" + LABEL
            + ")(?:," + LABEL + ")*\\})?) (?<value>[-+]?(?:[0-9.]+(?:E[-+]?[0-9]+)?|Inf)|NaN)");
    private static final Pattern COMMENT = Pattern.compile(
            "# (?:TYPE \\S+ (?:counter|gauge|histogram|info|summary|unknown)|HELP \\S+ .*|UNIT \\S+ \\S+)");

    private final Map<String, Double> samples = new LinkedHashMap<>();
    private final Map<String, String> names = new TreeMap<>();
    private boolean ended;

    public Scrape(String text) {
        text.lines().forEach(this::line);
    }

    private void line(String line) {
        if (ended) {
            throw new AssertionError("after the end: " + line);
        }
        if (line.equals("# EOF")) {
            ended = true;
            return;
        }
        if (line.startsWith("#")) {
            if (!COMMENT.matcher(line).matches()) {
                throw new AssertionError("not a comment of the format: " + line);
            }
            return;
        }
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new AssertionError("not a sample: " + line);
        }
        names.put(sample.group("series"), sample.group("name"));
        String value = sample.group("value").replace("Inf", "Infinity");
        if (samples.put(sample.group("series"), Double.valueOf(value)) != null) {
            throw new AssertionError("told twice: " + line);
        }
    }

    /** Whether the text says that it is complete, as OpenMetrics does. */
    public boolean ended() {
        return ended;
    }

    public Set<String> names() {
        return Set.copyOf(names.values());
    }

    /** The samples of one name, by their series with labels as they are written. */
    public Map<String, Double> of(String name) {
        return samples.entrySet().stream()
                .filter(sample -> name.equals(names.get(sample.getKey())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    public double value(String series) {
        Double value = samples.get(series);
        if (value == null) {
            throw new AssertionError("no series " + series + " among "
                    + of(series.replaceAll("\\{.*", "")).keySet());
        }
        return value;
    }

    /** The same, zero where nothing has been counted yet. */
    public double count(String series) {
        return samples.getOrDefault(series, 0.0);
    }
}
