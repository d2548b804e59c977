package io.postern.config.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.config.document.Problem;
import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the files of lists. A list whose bytes were read before is not built again: a feed of a million names costs a
 * second, and most reloads are about something else.
 */
final class NameLists {

    /** Of one file. */
    static final int MAX_BYTES = 64 << 20;

    private final Map<String, NameList> before;
    private final Problems problems;
    private final Problems warnings;

    /** @param before lists of an earlier reading by their version */
    NameLists(Map<String, NameList> before, Problems problems, Problems warnings) {
        this.before = before;
        this.problems = problems;
        this.warnings = warnings;
    }

    NameList read(Setting list, Path policyFile, PolicySources sources) {
        Map<Path, byte[]> files = new LinkedHashMap<>();
        for (Setting file : list.member("files").each()) {
            path(file, policyFile)
                    .ifPresent(path -> sources.list(path, file.at(), file.path(), MAX_BYTES)
                            .ifPresent(bytes -> files.put(path, bytes)));
        }
        boolean subdomains = list.member("subdomains").flag();
        boolean rpz = list.member("format").text().equals("rpz");
        String version = version(files, subdomains, rpz);
        NameList known = before.get(version);
        NameList built = known != null ? known : build(files, subdomains, rpz, version, list);
        for (Problem skipped : built.skipped()) {
            warnings.add(skipped);
        }
        return built;
    }

    private NameList build(Map<Path, byte[]> files, boolean subdomains, boolean rpz, String version, Setting list) {
        NameListParser parser =
                new NameListParser(subdomains, rpz, list.member("allow-empty").flag());
        files.forEach((file, bytes) ->
                parser.read(file.toString(), bytes).ifPresent(refused -> problems.at(list.member("files"), refused)));
        return parser.list(version);
    }

    private Optional<Path> path(Setting name, Path policyFile) {
        try {
            return Optional.of(policyFile.resolveSibling(name.text()).normalize());
        } catch (InvalidPathException e) {
            problems.at(name, "is not a path: " + e.getReason());
            return Optional.empty();
        }
    }

    /** The names of the files count, since what was skipped is told with them. */
    private static String version(Map<Path, byte[]> files, boolean subdomains, boolean rpz) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((byte) ((subdomains ? 1 : 0) + (rpz ? 2 : 0)));
            files.forEach((file, bytes) -> {
                digest.update((file + "\n" + bytes.length + "\n").getBytes(UTF_8));
                digest.update(bytes);
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
