package io.postern.analytics.baseline;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is learnt of one subject: entries, builds, and destinations that evidence speaks of.
 *
 * <p>Poisoning: what goes to such a destination is not learnt, its entry is tainted, and so is every other entry that was
 * seen with nothing but such destinations. Of more than {@value #MOST_TAINTED} of them nothing is proposed any more, rather
 * than that one is forgotten.
 */
final class Learnt {

    static final int MOST_TAINTED = 512;
    static final int MOST_BUILDS = 16;

    /** Let go of at a time, so that a flood pays for one look at all of them every so often. */
    private static final int TAIL = 32;

    /** When a build was about. */
    record Release(Build build, long firstMillis, long lastMillis) {}

    private final Map<Entry.Key, Entry> entries = new LinkedHashMap<>();
    private final Set<String> tainted = new HashSet<>();
    private final Set<Long> taintedHashes = new HashSet<>();
    private final List<Release> releases = new ArrayList<>();
    private boolean overrun;

    /** Since it was stored. */
    boolean changed = true;

    private @Nullable Profile profile;

    Collection<Entry> entries() {
        return entries.values();
    }

    Set<String> tainted() {
        return tainted;
    }

    boolean overrun() {
        return overrun;
    }

    List<Release> releases() {
        return releases;
    }

    int size() {
        return entries.size();
    }

    void put(Entry entry) {
        entries.merge(entry.key, entry, (mine, theirs) -> {
            mine.add(theirs);
            return mine;
        });
        touched();
    }

    private void touched() {
        changed = true;
        profile = null;
    }

    /** @return how many others had to go for it */
    int see(Entry.Key key, String device, String destination, long atMillis, int room) {
        int gone = 0;
        @Nullable Entry entry = entries.get(key);
        if (entry == null) {
            gone = entries.size() >= room ? cut(room) : 0;
            entry = new Entry(key);
            entries.put(key, entry);
        }
        entry.see(device, destination, atMillis);
        if (tainted.contains(destination)) {
            entry.tainted = true;
        }
        touched();
        return gone;
    }

    /** The long tail: of the trait that has most entries without a decision those of the least worth. */
    private int cut(int room) {
        Map<Trait, List<Entry>> byTrait = entries.values().stream()
                .filter(entry -> entry.decision == null && !entry.tainted)
                .collect(Collectors.groupingBy(
                        entry -> entry.key.trait(), () -> new EnumMap<>(Trait.class), Collectors.toList()));
        Optional<List<Entry>> longest = byTrait.values().stream().max(Comparator.comparingInt(List::size));
        List<Entry> tail = longest.orElseGet(() -> new ArrayList<>(entries.values()));
        tail.sort(Entry::byWorth);
        int most = Math.min(tail.size(), Math.max(1, Math.min(TAIL, room / 8)));
        tail.subList(0, most).forEach(entry -> entries.remove(entry.key));
        return most;
    }

    /** Gives room to others. */
    int cutTail() {
        touched();
        return entries.isEmpty() ? 0 : cut(entries.size());
    }

    void seeBuild(Build build, long atMillis) {
        if (!build.known()) {
            return;
        }
        for (int i = 0; i < releases.size(); i++) {
            Release release = releases.get(i);
            if (release.build.equals(build)) {
                releases.set(
                        i,
                        new Release(
                                build,
                                Math.min(release.firstMillis, atMillis),
                                Math.max(release.lastMillis, atMillis)));
                return;
            }
        }
        add(new Release(build, atMillis, atMillis));
        touched();
    }

    /** The least lately seen makes room. */
    void add(Release release) {
        if (releases.size() == MOST_BUILDS) {
            releases.remove(releases.stream()
                    .min(Comparator.comparingLong(Release::lastMillis))
                    .orElseThrow());
        }
        releases.add(release);
    }

    /** The newest version that is about, and its signer; the last seen of several. */
    Build build() {
        return releases.stream()
                .max(Comparator.<Release>comparingLong(release -> release.build.version())
                        .thenComparingLong(Release::firstMillis))
                .map(Release::build)
                .orElse(Build.UNKNOWN);
    }

    void taint(String destination) {
        if (tainted.contains(destination)) {
            return;
        }
        if (tainted.size() == MOST_TAINTED) {
            overrun = true;
        } else {
            tainted.add(destination);
            taintedHashes.add(Hash.of(destination));
            LongPredicate hashes = taintedHashes::contains;
            entries.values().stream().filter(entry -> entry.of(tainted, hashes)).forEach(entry -> entry.tainted = true);
        }
        touched();
    }

    void overrun(boolean whether) {
        overrun |= whether;
    }

    boolean isTainted(String destination) {
        return tainted.contains(destination);
    }

    /** Somebody has looked at the evidence and found it harmless. */
    void clear(String destination) {
        if (tainted.remove(destination)) {
            taintedHashes.remove(Hash.of(destination));
            LongPredicate hashes = taintedHashes::contains;
            entries.values().forEach(entry -> entry.tainted = entry.tainted && entry.of(tainted, hashes));
            touched();
        }
    }

    /** @return how many entries the decision was made of */
    int decide(Set<Entry.Key> keys, Decision decision) {
        int decided = 0;
        for (Entry.Key key : keys) {
            @Nullable Entry entry = entries.get(key);
            if (entry != null) {
                entry.decision = decision;
                decided++;
            }
        }
        touched();
        return decided;
    }

    /** @return how many were let go of */
    int forget(BaselineSettings settings, long nowMillis) {
        int before = entries.size();
        entries.values().removeIf(entry -> entry.forgettable(settings, nowMillis));
        if (entries.size() < before) {
            touched();
        }
        return before - entries.size();
    }

    void add(Learnt other) {
        other.entries.values().forEach(this::put);
        other.tainted.forEach(this::taint);
        other.releases.forEach(release -> {
            seeBuild(release.build, release.firstMillis);
            seeBuild(release.build, release.lastMillis);
        });
        overrun |= other.overrun;
    }

    List<Known> known(BaselineSettings settings, long nowMillis) {
        Build build = build();
        return entries.values().stream()
                .map(entry -> entry.known(entry.standing(settings, build, overrun, nowMillis)))
                .toList();
    }

    /** Made anew where something has changed, or may have expired. */
    Profile profile(BaselineSettings settings, long nowMillis) {
        @Nullable Profile made = profile;
        if (made == null || !made.sameDay(nowMillis)) {
            Map<Build, Long> since = new HashMap<>();
            releases.forEach(release -> since.put(release.build, release.firstMillis));
            made = new Profile(known(settings, nowMillis), since, nowMillis);
            profile = made;
        }
        return made;
    }

    /** Whether nothing in it was decided or is remembered against somebody. */
    boolean undecided() {
        return tainted.isEmpty() && !overrun && entries.values().stream().allMatch(entry -> entry.decision == null);
    }

    /** The most devices that any of its entries has. */
    int devices() {
        return entries.values().stream()
                .mapToInt(entry -> entry.devices.count())
                .max()
                .orElse(0);
    }

    long lastMillis() {
        return entries.values().stream()
                .mapToLong(entry -> entry.lastMillis)
                .max()
                .orElse(0);
    }
}
