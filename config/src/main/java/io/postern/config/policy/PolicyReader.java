package io.postern.config.policy;

import io.postern.config.document.Position;
import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import io.postern.config.document.Shape;
import io.postern.config.document.Yaml;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Reads policy files as one policy: every file by itself, then all together. Called again for every reload; a reading
 * with problems changes nothing, so the last good policy stays.
 */
public final class PolicyReader {

    private static final Shape SHAPE = Shape.of(PolicyReader.class, "/io/postern/config/policy.schema.json");

    private PolicyReader() {}

    /** As {@link #read(List, Path, Clock)}, today. */
    public static Reading<Policy> read(List<String> patterns, Path base) {
        return read(patterns, base, Clock.systemUTC());
    }

    /**
     * Reads all files that match.
     *
     * @param patterns paths or glob patterns; none gives {@link Policy#EMPTY}, one that matches nothing is a problem
     * @param base where relative patterns start
     * @param clock tells today (UTC), for warnings about days that have passed
     */
    public static Reading<Policy> read(List<String> patterns, Path base, Clock clock) {
        return read(patterns, base, clock, new TreeSet<>(), Map.of(), new HashMap<>());
    }

    /**
     * As above.
     *
     * @param read gets every file that had a part in it
     * @param lists of an earlier reading by their version, taken over where nothing has changed
     * @param known files of an earlier reading, taken over where nothing has changed; holds those of this one afterwards
     */
    static Reading<Policy> read(
            List<String> patterns,
            Path base,
            Clock clock,
            Set<Path> read,
            Map<String, NameList> lists,
            Map<Path, PolicyFile> known) {
        Problems problems = new Problems();
        Problems warnings = new Problems();
        if (patterns.isEmpty()) {
            return Reading.of(Policy.EMPTY, warnings);
        }
        PolicySources sources = new PolicySources(problems, read);
        LocalDate today = today(clock);
        PolicyMerge merge = merge(sources, lists, problems, warnings, today);
        Map<Path, PolicyFile> before = Map.copyOf(known);
        known.clear();
        for (Path file : sources.matching(patterns, base)) {
            sources.bytes(file, Position.of(file.toString()), "")
                    .flatMap(bytes -> read(file, bytes, today, before, known, problems))
                    .ifPresent(document -> merge.add(document, file));
        }
        return reading(merge, problems, warnings);
    }

    /**
     * Reads a document as if it were the one policy file.
     *
     * @param file where it would stand
     * @param lists which lists may be opened, by their absolute paths: whoever sends a document shall not have any
     *     file opened
     */
    public static Reading<Policy> read(byte[] document, Path file, Predicate<Path> lists, Clock clock) {
        Problems problems = new Problems();
        Problems warnings = new Problems();
        PolicySources sources = new PolicySources(problems, new TreeSet<>(), lists);
        LocalDate today = today(clock);
        PolicyMerge merge = merge(sources, Map.of(), problems, warnings, today);
        Path name = Path.of(String.valueOf(file.getFileName()));
        read(name, sources.document(document), today, Map.of(), new HashMap<>(), problems)
                .ifPresent(read -> merge.add(read, file));
        return reading(merge, problems, warnings);
    }

    /** The files that match and what is in them, in order of their names; those that cannot be read are left out. */
    public static SortedMap<Path, byte[]> documents(List<String> patterns, Path base) {
        PolicySources sources = new PolicySources(new Problems(), new TreeSet<>());
        SortedMap<Path, byte[]> documents = new TreeMap<>();
        for (Path file : sources.matching(patterns, base)) {
            sources.bytes(file, Position.of(file.toString()), "").ifPresent(bytes -> documents.put(file, bytes));
        }
        return documents;
    }

    private static PolicyMerge merge(
            PolicySources sources, Map<String, NameList> lists, Problems problems, Problems warnings, LocalDate today) {
        return new PolicyMerge(sources, new NameLists(lists, problems, warnings), problems, warnings, today);
    }

    private static LocalDate today(Clock clock) {
        return LocalDate.now(clock.withZone(ZoneOffset.UTC));
    }

    private static Reading<Policy> reading(PolicyMerge merge, Problems problems, Problems warnings) {
        Optional<Policy> policy = Optional.of(merge.policy()).filter(whole -> problems.none());
        return policy.isPresent() ? Reading.of(policy.get(), warnings) : Reading.refused(problems, warnings);
    }

    /** Most of a reload is this: a file whose bytes were read before and were in order is not read again. */
    private static Optional<PolicyFile> read(
            Path file,
            byte[] bytes,
            LocalDate today,
            Map<Path, PolicyFile> before,
            Map<Path, PolicyFile> known,
            Problems problems) {
        String digest = PolicySources.digest(bytes);
        Optional<PolicyFile> same =
                Optional.ofNullable(before.get(file)).filter(earlier -> earlier.still(digest, today));
        if (same.isPresent()) {
            known.put(file, same.get());
            return same;
        }
        Problems wrong = new Problems();
        Optional<PolicyFile> read = Yaml.read(file.toString(), bytes, wrong)
                .flatMap(document -> SHAPE.settle(document, wrong))
                .map(document -> PolicyMerge.read(document, digest, today, wrong));
        read.filter(some -> wrong.none()).ifPresent(some -> known.put(file, some));
        problems.addAll(wrong.sorted());
        return read;
    }

    /** What a policy file must look like; also the source of the reference documents. */
    public static Shape shape() {
        return SHAPE;
    }
}
