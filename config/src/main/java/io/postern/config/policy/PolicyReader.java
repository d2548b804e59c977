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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * Reads policy files as one policy: every file by itself, then all together. Called again for every reload; a reading
 * with problems changes nothing, so the last good policy stays.
 */
public final class PolicyReader {

    private static final Shape SHAPE = Shape.of(PolicyReader.class, "/io/postern/config/policy.schema.json");

    /** Files whose bytes are in memory together, each of at most {@link Yaml#MAX_BYTES}. */
    private static final int AT_A_TIME = 16;

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
        return read(patterns, base, clock, new TreeSet<>(), Map.of(), new HashMap<>(), Runnable::run);
    }

    /**
     * As above.
     *
     * @param read gets every file that had a part in it
     * @param lists of an earlier reading by their version, taken over where nothing has changed
     * @param known files of an earlier reading, taken over where nothing has changed; holds those of this one afterwards
     * @param helpers read several files at once; must not be who calls this, unless it runs everything at once
     */
    static Reading<Policy> read(
            List<String> patterns,
            Path base,
            Clock clock,
            Set<Path> read,
            Map<String, NameList> lists,
            Map<Path, PolicyFile> known,
            Executor helpers) {
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
        List<Path> files = List.copyOf(sources.matching(patterns, base));
        for (int from = 0; from < files.size(); from += AT_A_TIME) {
            List<CompletableFuture<Alone>> some = new ArrayList<>();
            for (Path file : files.subList(from, Math.min(files.size(), from + AT_A_TIME))) {
                sources.bytes(file, Position.of(file.toString()), "")
                        .ifPresent(bytes -> some.add(
                                CompletableFuture.supplyAsync(() -> alone(file, bytes, today, before), helpers)));
            }
            for (CompletableFuture<Alone> each : some) {
                Alone alone = each.join();
                alone.read.filter(good -> alone.problems.none()).ifPresent(good -> known.put(alone.file, good));
                alone.into(merge, problems);
            }
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
        alone(name, sources.document(document), today, Map.of()).at(file).into(merge, problems);
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

    /** What is in one file, and what is wrong with it. */
    private record Alone(Path file, Optional<PolicyFile> read, Problems problems) {

        /** The same, as if it stood there. */
        Alone at(Path other) {
            return new Alone(other, read, problems);
        }

        void into(PolicyMerge merge, Problems all) {
            all.addAll(problems.sorted());
            read.ifPresent(some -> merge.add(some, file));
        }
    }

    /** Most of a reload is this: a file whose bytes were read before and were in order is not read again. */
    private static Alone alone(Path file, byte[] bytes, LocalDate today, Map<Path, PolicyFile> before) {
        Problems problems = new Problems();
        String digest = PolicySources.digest(bytes);
        Optional<PolicyFile> same =
                Optional.ofNullable(before.get(file)).filter(earlier -> earlier.still(digest, today));
        if (same.isPresent()) {
            return new Alone(file, same, problems);
        }
        Optional<PolicyFile> read = Yaml.read(file.toString(), bytes, problems)
                .flatMap(document -> SHAPE.settle(document, problems))
                .map(document -> PolicyMerge.read(document, digest, today, problems));
        return new Alone(file, read, problems);
    }

    /** What a policy file must look like; also the source of the reference documents. */
    public static Shape shape() {
        return SHAPE;
    }
}
