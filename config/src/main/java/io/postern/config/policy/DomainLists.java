package io.postern.config.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.config.document.Position;
import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import io.postern.config.document.Yaml;
import io.postern.dns.names.DomainPattern;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The domain patterns of a service class, from the policy file itself and from lists beside it. */
final class DomainLists {

    private final PolicySources sources;
    private final Problems problems;

    DomainLists(PolicySources sources, Problems problems) {
        this.sources = sources;
        this.problems = problems;
    }

    List<String> patterns(Setting serviceClass, Path policyFile) {
        List<String> patterns = new ArrayList<>();
        for (Setting domain : serviceClass.member("domains").each()) {
            DomainPattern.parse(domain.text())
                    .map(DomainPattern::toString)
                    .ifPresentOrElse(
                            patterns::add,
                            () -> problems.at(domain, "'" + domain.text() + "' is not a domain pattern"));
        }
        for (Setting file : serviceClass.member("files").each()) {
            read(patterns, file, policyFile);
        }
        return List.copyOf(patterns);
    }

    private void read(List<String> patterns, Setting name, Path policyFile) {
        Path file;
        try {
            file = policyFile.resolveSibling(name.text()).normalize();
        } catch (InvalidPathException e) {
            problems.at(name, "is not a path: " + e.getReason());
            return;
        }
        sources.list(file, name.at(), name.path(), Yaml.MAX_BYTES).ifPresent(bytes -> {
            if (bytes.length > Yaml.MAX_BYTES) {
                problems.at(name, file + " is too long, must have at most " + Yaml.MAX_BYTES + " bytes");
                return;
            }
            String[] lines = new String(bytes, UTF_8).split("\n", -1);
            for (int i = 0; i < lines.length; i++) {
                String text = lines[i].replaceFirst("#.*", "").strip();
                if (!text.isEmpty()) {
                    add(patterns, text, new Position(file.toString(), i + 1, lines[i].indexOf(text) + 1));
                }
            }
        });
    }

    /** What the line holds is not told: the file may be another than was meant, and the reader not its owner. */
    private void add(List<String> patterns, String text, Position at) {
        DomainPattern.parse(text)
                .map(DomainPattern::toString)
                .ifPresentOrElse(patterns::add, () -> problems.add(at, "", "is not a domain pattern"));
    }
}
