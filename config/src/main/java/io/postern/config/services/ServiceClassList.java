package io.postern.config.services;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.dns.names.DomainPattern;
import io.postern.dns.names.DomainPattern.Reach;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes the shipped list from the mapping and the sources: the first line that reaches a name decides for it. */
public final class ServiceClassList {

    private static final String HEAD = """
            # Service classes by domain, made from a mapping and lists of domains; do not edit. %d lines of the lists are
            # regular expressions or keywords and were left out.
            # source: %s
            # date: %s
            """;

    private final Map<String, String> exact = new TreeMap<>();
    private final Map<String, String> below = new TreeMap<>();
    private final DomainSources sources;

    private ServiceClassList(DomainSources sources) {
        this.sources = sources;
    }

    /**
     * The text of a list.
     *
     * @param mapping lines of {@code class[,class…]<TAB>what<TAB>why}, see {@link #mapping()}
     * @param source where the lists are from, and under which licence
     * @throws IllegalArgumentException if a line of the mapping or a list is not what it must be
     * @throws java.io.UncheckedIOException if a list that the mapping names is not there
     */
    public static String of(List<String> mapping, DomainSources sources, String source, LocalDate date) {
        ServiceClassList list = new ServiceClassList(sources);
        for (String line : mapping) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] fields = line.split("\t", -1);
                if (fields.length != 3) {
                    throw new IllegalArgumentException(
                            "mapping: '" + line + "' must have three parts with tabs between");
                }
                list.claim(fields[0], fields[1]);
            }
        }
        return HEAD.formatted(sources.skipped(), source, date) + list.text();
    }

    /**
     * The text of a list that is another one but for the names of one list of domains: those are of these classes. What the other
     * says of names below them stays, for the most specific name counts.
     *
     * @param classes {@code class[,class…]}
     * @param base lines of the other, see {@link #shipped()}
     * @param source where both are from
     * @throws IllegalArgumentException if a line of the two is not what it must be
     * @throws java.io.UncheckedIOException if the list, or one that it includes, is not there
     */
    public static String with(
            String classes, String name, DomainSources sources, List<String> base, String source, LocalDate date) {
        ServiceClassList list = new ServiceClassList(sources);
        for (String line : base) {
            if (!line.isBlank() && !line.startsWith("#")) {
                int tab = line.indexOf('\t');
                list.put(
                        line.substring(0, Math.max(0, tab)),
                        DomainPattern.parse(line.substring(tab + 1))
                                .orElseThrow(
                                        () -> new IllegalArgumentException("list: '" + line + "' is no line of one")));
            }
        }
        sources.patterns(name, Optional.empty()).forEach(pattern -> list.put(classes, pattern));
        return HEAD.formatted(sources.skipped(), source, date) + list.text();
    }

    private void put(String classes, DomainPattern pattern) {
        if (pattern.reach() != Reach.BELOW) {
            exact.put(pattern.suffix(), classes);
        }
        if (pattern.reach() != Reach.EXACT) {
            below.put(pattern.suffix(), classes);
        }
    }

    /** The shipped list. */
    public static List<String> shipped() {
        return resource("service-classes.tsv");
    }

    /** The shipped mapping: which list, or which name of our own, is which class, and why. */
    public static List<String> mapping() {
        return resource("mapping.tsv");
    }

    private static List<String> resource(String name) {
        Optional<InputStream> in = Optional.ofNullable(ServiceClassList.class.getResourceAsStream(name));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in.orElseThrow(), UTF_8))) {
            return lines.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void claim(String classes, String what) {
        patterns(what).stream()
                // A name of the same line that is reached by a shorter one needs no line of its own.
                .sorted(Comparator.comparingInt(pattern -> pattern.suffix().length()))
                .forEach(pattern -> claim(classes, pattern));
    }

    private List<DomainPattern> patterns(String what) {
        if (!what.startsWith("@")) {
            return List.of(DomainPattern.parse(what)
                    .orElseThrow(() -> new IllegalArgumentException("mapping: '" + what + "' is no pattern")));
        }
        String[] list = what.substring(1).split("@", -1);
        return sources.patterns(list[0], list.length > 1 ? Optional.of(list[1]) : Optional.empty());
    }

    private void claim(String classes, DomainPattern pattern) {
        String suffix = pattern.suffix();
        if (reached(suffix)) {
            return;
        }
        if (pattern.reach() != Reach.BELOW) {
            exact.putIfAbsent(suffix, classes);
        }
        if (pattern.reach() != Reach.EXACT) {
            below.putIfAbsent(suffix, classes);
        }
    }

    private boolean reached(String suffix) {
        for (int dot = suffix.indexOf('.'); dot >= 0; dot = suffix.indexOf('.', dot + 1)) {
            if (below.containsKey(suffix.substring(dot + 1))) {
                return true;
            }
        }
        return false;
    }

    private String text() {
        Map<String, String> lines = new TreeMap<>();
        exact.forEach((suffix, classes) -> {
            boolean both = classes.equals(below.get(suffix));
            lines.put(suffix, classes + "\t" + (both ? "." : "") + suffix + "\n");
        });
        below.forEach((suffix, classes) -> {
            if (!classes.equals(exact.get(suffix))) {
                lines.merge(suffix, classes + "\t*." + suffix + "\n", String::concat);
            }
        });
        return String.join("", lines.values());
    }
}
