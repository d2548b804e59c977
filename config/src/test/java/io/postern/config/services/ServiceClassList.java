package io.postern.config.services;

import io.postern.dns.names.DomainPattern;
import io.postern.dns.names.DomainPattern.Reach;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes the shipped list from the mapping and the sources: the first line that reaches a name decides for it. */
final class ServiceClassList {

    private static final String HEAD = """
            # Service classes by domain. Made from mapping.tsv and the lists of v2fly/domain-list-community at commit
            # c975cce (MIT, see service-classes.LICENSE), taken over on 2026-11-21; do not edit. %d lines of the lists
            # are regular expressions or keywords and were left out.
            """;

    private final Map<String, String> exact = new TreeMap<>();
    private final Map<String, String> below = new TreeMap<>();
    private final DomainSources sources;

    private ServiceClassList(DomainSources sources) {
        this.sources = sources;
    }

    static String of(List<String> mapping, DomainSources sources) {
        ServiceClassList list = new ServiceClassList(sources);
        mapping.stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("\t", -1))
                .forEach(fields -> list.claim(fields[0], fields[1]));
        return HEAD.formatted(sources.skipped()) + list.text();
    }

    private void claim(String classes, String what) {
        patterns(what).stream()
                // A name of the same line that is reached by a shorter one needs no line of its own.
                .sorted(Comparator.comparingInt(pattern -> pattern.suffix().length()))
                .forEach(pattern -> claim(classes, pattern));
    }

    private List<DomainPattern> patterns(String what) {
        if (!what.startsWith("@")) {
            return List.of(DomainPattern.parse(what).orElseThrow());
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
