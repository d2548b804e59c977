package io.postern.config.policy;

import io.postern.config.document.Position;
import io.postern.config.document.Problems;
import io.postern.config.document.Yaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** Finds and reads the files of one policy, and remembers what was read for its version. */
final class PolicySources {

    private static final int MAX_FILES = 1000;
    private static final int MAX_DEPTH = 16;
    private static final int VERSION_DIGITS = 12;

    private final Problems problems;
    private final MessageDigest digest;
    private final Set<Path> read;
    private final Predicate<Path> lists;
    private final Set<Path> listed = new TreeSet<>();

    /** For one reading; {@code read} gets every file that was opened or was meant to be. */
    PolicySources(Problems problems, Set<Path> read) {
        this(problems, read, any -> true);
    }

    /** As above, and no list is opened but these; asked with absolute paths. */
    PolicySources(Problems problems, Set<Path> read, Predicate<Path> lists) {
        this.problems = problems;
        this.read = read;
        this.lists = lists;
        this.digest = sha256();
    }

    /** In order of their names, each once. */
    SortedSet<Path> matching(List<String> patterns, Path base) {
        SortedSet<Path> files = new TreeSet<>();
        for (String pattern : patterns) {
            try {
                List<Path> found = found(pattern, base);
                if (found.isEmpty()) {
                    problems.add(Position.of(pattern), "", "matches no file");
                }
                files.addAll(found);
            } catch (IOException | UncheckedIOException e) {
                problems.add(Position.of(pattern), "", "cannot be read: " + e.getMessage());
            } catch (InvalidPathException | PatternSyntaxException e) {
                problems.add(Position.of(pattern), "", "is not a path or pattern: " + e.getMessage());
            }
        }
        if (files.size() > MAX_FILES) {
            problems.add(
                    Position.of(base.toString()),
                    "",
                    "has " + files.size() + " policy files, must have at most " + MAX_FILES);
            files.clear();
        }
        return files;
    }

    private static List<Path> found(String pattern, Path base) throws IOException {
        int glob = firstGlob(pattern);
        if (glob < 0) {
            Path file = base.resolve(pattern).normalize();
            return Files.isRegularFile(file) ? List.of(file) : List.of();
        }
        // Only what follows the last folder that is written out is a pattern, so that a base may hold any letters.
        int split = pattern.lastIndexOf('/', glob) + 1;
        Path root = base.resolve(pattern.substring(0, split)).normalize();
        String rest = pattern.substring(split);
        PathMatcher matcher = root.getFileSystem().getPathMatcher("glob:" + rest);
        int depth = rest.contains("**")
                ? MAX_DEPTH
                : (int) rest.chars().filter(c -> c == '/').count() + 1;
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(root, depth)) {
            return all.filter(file -> matcher.matches(root.relativize(file)))
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }

    private static int firstGlob(String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            if ("*?[{".indexOf(pattern.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /** The bytes of a file, at most one more than {@link Yaml#MAX_BYTES}; a problem is told where the file is named. */
    Optional<byte[]> bytes(Path file, Position at, String path) {
        return bytes(file, at, path, Yaml.MAX_BYTES);
    }

    /** The bytes of a list, at most one more than {@code most}, if it may be opened. */
    Optional<byte[]> list(Path file, Position at, String path, int most) {
        Path whole = file.toAbsolutePath().normalize();
        if (!lists.test(whole)) {
            problems.add(
                    at, path, "may not be opened, must be in the gateway's own folder or named by the policy in force");
            return Optional.empty();
        }
        listed.add(whole);
        return bytes(file, at, path, most);
    }

    /** Where the lists stand that were named, absolute. */
    Set<Path> listed() {
        return listed;
    }

    private Optional<byte[]> bytes(Path file, Position at, String path, int most) {
        read.add(file);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(most + 1);
            digest.update(bytes);
            return Optional.of(bytes);
        } catch (NoSuchFileException e) {
            problems.add(at, path, file + " does not exist");
            return Optional.empty();
        } catch (IOException e) {
            problems.add(at, path, file + " cannot be read: " + e);
            return Optional.empty();
        }
    }

    /** A document that did not come from a file counts as one. */
    byte[] document(byte[] bytes) {
        digest.update(bytes);
        return bytes;
    }

    /** SHA-256 of some bytes, as text. */
    static String digest(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    String version() {
        return HexFormat.of().formatHex(digest.digest()).substring(0, VERSION_DIGITS);
    }
}
