package io.postern.config.services;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.dns.names.DomainPattern;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The lists of domain-list-community: one folder of files, a line each of
 *
 * <pre>
 * domain:a.example @attribute…   or without the prefix: the name and all below
 * full:a.example                 the name
 * include:list @attribute        entries of another list, those with every attribute; @-attribute: those without
 * regexp: keyword:               no pattern of ours; counted and left out
 * </pre>
 */
public final class DomainSources {

    private final Path folder;
    private int skipped;

    /** @param folder the folder {@code data} of a checkout */
    public DomainSources(Path folder) {
        this.folder = folder;
    }

    private record Entry(DomainPattern pattern, Set<String> attributes) {}

    /** The patterns of a list with all it includes; only those with the attribute when one is asked for. */
    List<DomainPattern> patterns(String list, Optional<String> attribute) {
        return entries(list, List.of()).stream()
                .filter(entry -> attribute.isEmpty() || entry.attributes.contains(attribute.get()))
                .map(Entry::pattern)
                .distinct()
                .toList();
    }

    /** Lines that are no pattern of ours, once for each list that includes them. */
    int skipped() {
        return skipped;
    }

    private List<Entry> entries(String list, List<String> includedBy) {
        if (includedBy.contains(list)) {
            throw new IllegalArgumentException("lists include each other: " + includedBy + " " + list);
        }
        List<String> path = new ArrayList<>(includedBy);
        path.add(list);
        List<Entry> entries = new ArrayList<>();
        for (String line : lines(list)) {
            String[] words = line.replaceFirst("#.*", "").strip().split("\\s+", -1);
            Set<String> attributes = Arrays.stream(words)
                    .filter(word -> word.startsWith("@"))
                    .map(word -> word.substring(1))
                    .collect(Collectors.toSet());
            String what = words[0];
            if (what.startsWith("include:")) {
                entries(what.substring("include:".length()), path).stream()
                        .filter(entry -> included(entry, attributes))
                        .forEach(entries::add);
            } else if (what.startsWith("regexp:") || what.startsWith("keyword:")) {
                skipped++;
            } else if (!what.isEmpty()) {
                entries.add(new Entry(pattern(what), attributes));
            }
        }
        return entries;
    }

    private static boolean included(Entry entry, Set<String> attributes) {
        return attributes.stream()
                .allMatch(attribute -> attribute.startsWith("-")
                        ? !entry.attributes.contains(attribute.substring(1))
                        : entry.attributes.contains(attribute));
    }

    private static DomainPattern pattern(String what) {
        String text = what.startsWith("full:")
                ? what.substring("full:".length())
                : "." + (what.startsWith("domain:") ? what.substring("domain:".length()) : what);
        return DomainPattern.parse(text).orElseThrow(() -> new IllegalArgumentException("no pattern: " + what));
    }

    private List<String> lines(String list) {
        try {
            return Files.readAllLines(folder.resolve(list), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(folder.resolve(list) + " cannot be read", e);
        }
    }
}
