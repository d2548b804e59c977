package io.postern.config.policy;

import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Policy for somebody who asks again and again: reads the files when one of them has changed, come or gone, or another
 * day has begun; in between an answer costs one look at each file's attributes. Links are followed, so a mounted volume
 * that swaps its folder is a change. Not for several threads at once.
 */
public final class PolicyWatcher implements Supplier<Reading<Policy>> {

    /** What was refused may have been in order all the while: a file that could not be read for a moment. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final List<String> patterns;
    private final Path base;
    private final Clock clock;
    private final Executor helpers;
    private Optional<Reading<Policy>> last = Optional.empty();
    private Set<Path> lastRead = Set.of();
    private Map<Path, Stamp> stamps = Map.of();
    private Map<String, NameList> lists = Map.of();
    private final Map<Path, PolicyFile> files = new HashMap<>();
    private LocalDate day = LocalDate.MIN;
    private Instant readAt = Instant.MIN;

    /** As {@link PolicyReader#read(List, Path, Clock)} takes them. */
    public PolicyWatcher(List<String> patterns, Path base, Clock clock) {
        this(patterns, base, clock, Runnable::run);
    }

    /** @param helpers read several files at once, while whoever asks waits for them */
    public PolicyWatcher(List<String> patterns, Path base, Clock clock, Executor helpers) {
        this.patterns = List.copyOf(patterns);
        this.base = base;
        this.clock = clock;
        this.helpers = helpers;
    }

    private record Stamp(long size, Object modified, Optional<Object> file) {}

    @Override
    public Reading<Policy> get() {
        // The stamps come before the reading: what changes meanwhile is seen next time. A list that was not known
        // before has no stamp yet, which costs one more reading.
        Map<Path, Stamp> now = stamps(lastRead);
        LocalDate today = LocalDate.now(clock.withZone(ZoneOffset.UTC));
        boolean stale = last.isPresent()
                && last.get().value().isEmpty()
                && Duration.between(readAt, clock.instant()).compareTo(AGAIN) >= 0;
        if (last.isPresent() && now.equals(stamps) && today.equals(day) && !stale) {
            return last.get();
        }
        Set<Path> read = new TreeSet<>();
        Reading<Policy> reading = PolicyReader.read(patterns, base, clock, read, lists, files, helpers);
        readAt = clock.instant();
        stamps = now;
        lastRead = read;
        day = today;
        last = Optional.of(reading);
        reading.value().ifPresent(policy -> lists = byVersion(policy));
        return reading;
    }

    private static Map<String, NameList> byVersion(Policy policy) {
        Map<String, NameList> byVersion = new HashMap<>();
        policy.lists().values().forEach(list -> byVersion.put(list.version(), list));
        return byVersion;
    }

    /** Of the files that match now and those read last time, the lists beside a policy among them. */
    private Map<Path, Stamp> stamps(Set<Path> read) {
        Set<Path> files = new TreeSet<>(read);
        files.addAll(new PolicySources(new Problems(), new TreeSet<>()).matching(patterns, base));
        Map<Path, Stamp> found = new TreeMap<>();
        for (Path file : files) {
            found.put(file, stamp(file));
        }
        return found;
    }

    private static Stamp stamp(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(now.size(), now.lastModifiedTime(), Optional.ofNullable(now.fileKey()));
        } catch (IOException e) {
            // Gone, or not ours to see: equal to itself until that changes.
            return new Stamp(-1, "", Optional.empty());
        }
    }
}
