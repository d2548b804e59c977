package io.postern.analytics.baseline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
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
 * seen with nothing but such destinations. Beyond {@value #MOST_TAINTED} of them the one of which was told longest ago is
 * forgotten, and nothing is proposed until there are fewer again.
 */
final class Learnt {

    static final int MOST_TAINTED = 512;
    static final int MOST_BUILDS = 16;
    private static final long SEEN_LATELY_MILLIS = Duration.ofDays(14).toMillis();

    /** Let go of at a time, so that a flood pays for one look at all of them every so often. */
    private static final int TAIL = 32;

    private final Entries entries = new Entries();
    /** The one of which was told last comes last. */
    private final Map<String, Taint> tainted = new LinkedHashMap<>();

    private final List<Release> releases = new ArrayList<>();
    private final DeviceCount devices = new DeviceCount();
    private Days days = Days.NONE;
    private boolean overrun;
    /** The day of which {@link Release#sinceYesterday} speaks. */
    private long day = -1;

    /** Since it was stored. */
    boolean changed = true;

    private @Nullable Profile profile;

    List<Entry> entries() {
        return entries.all();
    }

    Map<String, Taint> tainted() {
        return Collections.unmodifiableMap(tainted);
    }

    boolean overrun() {
        return overrun;
    }

    List<Release> releases() {
        return Collections.unmodifiableList(releases);
    }

    DeviceCount devices() {
        return devices;
    }

    long day() {
        return day;
    }

    /** As read from what was stored. */
    void day(long stored) {
        day = stored;
    }

    Days days() {
        return days;
    }

    int size() {
        return entries.size();
    }

    /** The subject was seen on a device, whatever it did there. */
    void seeOn(long device, long day) {
        if (devices.add(device) || !days.has(day)) {
            days = days.with(day);
            touched();
        }
    }

    void addSeen(DeviceCount others, Days otherDays) {
        devices.add(others);
        days = days.with(otherDays);
        touched();
    }

    void put(Entry entry) {
        @Nullable Entry mine = entries.find(entry.key);
        if (mine == null) {
            entries.put(entry);
        } else {
            mine.add(entry);
        }
        touched();
    }

    private void touched() {
        changed = true;
        profile = null;
    }

    /**
     * @param ofTainted whether with a destination that evidence speaks of: then it counts where it is known of no other, since on
     *     how many devices it is tells what came with a version from what an implant does
     * @return how many others had to go for it
     */
    int see(Trait trait, String text, Situation situation, boolean ofTainted, Seen seen, int room) {
        int gone = 0;
        @Nullable Entry entry = entries.find(trait, situation, text);
        if (entry == null) {
            gone = entries.size() >= room ? cut(room) : 0;
            entry = new Entry(new Entry.Key(trait, text, situation));
            entry.tainted = ofTainted;
            entries.put(entry);
        }
        if (ofTainted && !entry.tainted) {
            return gone;
        }
        if (!ofTainted && entry.tainted && trait == Trait.PORT) {
            entry = anew(entry);
        }
        changed = true;
        if (entry.see(seen)) {
            touched();
        }
        return gone;
    }

    /** What only tainted destinations were known for is of others too: nothing that was seen with those counts. */
    private Entry anew(Entry entry) {
        Entry anew = new Entry(entry.key);
        anew.decision = entry.decision;
        entries.put(anew);
        return anew;
    }

    /**
     * The long tail: of the trait that has most entries without a decision those of the least worth. Tainted destinations stay, of
     * which there are only so many; who speaks to one on many ports pays for those.
     */
    private int cut(int room) {
        List<Entry> all = entries.all();
        Map<Trait, List<Entry>> byTrait = all.stream()
                .filter(entry -> entry.decision == null && (!entry.tainted || entry.key.trait() == Trait.PORT))
                .collect(Collectors.groupingBy(
                        entry -> entry.key.trait(), () -> new EnumMap<>(Trait.class), Collectors.toList()));
        Optional<List<Entry>> longest = byTrait.values().stream().max(Comparator.comparingInt(List::size));
        List<Entry> tail = longest.orElse(all);
        tail.sort(Entry::byWorth);
        int most = Math.min(tail.size(), Math.max(1, Math.min(TAIL, room / 8)));
        tail.subList(0, most).forEach(entry -> entries.remove(entry));
        return most;
    }

    /** Gives room to others. */
    int cutTail() {
        touched();
        return entries.size() == 0 ? 0 : cut(entries.size());
    }

    void seeBuild(Build build, long device, long atMillis) {
        if (!build.known()) {
            return;
        }
        for (int i = 0; i < releases.size(); i++) {
            Release release = releases.get(i);
            if (release.build.equals(build)) {
                changed = true;
                if (release.see(device, atMillis)) {
                    touched();
                }
                return;
            }
        }
        Release first = new Release(build, atMillis, atMillis, new DeviceCount());
        first.see(device, atMillis);
        if (releases.size() == MOST_BUILDS) {
            releases.remove(leastWorth(device));
        }
        releases.add(first);
        touched();
    }

    /**
     * What this device alone has said goes first: by naming many builds it pushes out no one else's. Then what was not seen for
     * long, however many had it: what rolls out has few devices yet.
     */
    private Release leastWorth(long device) {
        long lately = releases.stream().mapToLong(one -> one.lastMillis).max().orElse(0) - SEEN_LATELY_MILLIS;
        return releases.stream()
                .min(Comparator.comparing((Release one) -> !one.devices.only(device))
                        .thenComparing(one -> one.lastMillis >= lately)
                        .thenComparingInt(one -> one.devices.count())
                        .thenComparingLong(one -> one.lastMillis))
                .orElseThrow();
    }

    void add(Release release) {
        Optional<Release> mine =
                releases.stream().filter(one -> one.build.equals(release.build)).findFirst();
        if (mine.isPresent()) {
            mine.get().add(release);
        } else {
            releases.add(release.copy());
            if (releases.size() > MOST_BUILDS) {
                releases.remove(leastWorth(0));
            }
        }
        touched();
    }

    /** The newest build that is about, by the word of enough devices or of more than half of those that have the app. */
    Build build(BaselineSettings settings) {
        return Release.newest(releases, enough(settings));
    }

    private int enough(BaselineSettings settings) {
        return Math.min(settings.minDevices(), devices.count() / 2 + 1);
    }

    void taint(String destination, Cause cause, long atMillis) {
        taint(destination, Taint.of(cause, atMillis));
    }

    void taint(String destination, Taint more) {
        @Nullable Taint taint = tainted.remove(destination);
        if (taint != null) {
            taint.add(more);
            tainted.put(destination, taint);
            touched();
            return;
        }
        if (tainted.size() == MOST_TAINTED) {
            overrun = true;
            tainted.remove(leastTainted());
        }
        tainted.put(destination, more);
        LongPredicate hashes = hashes();
        entries.all().stream()
                .filter(entry -> entry.of(tainted.keySet(), hashes))
                .forEach(entry -> entry.tainted = true);
        touched();
    }

    /** The one told longest ago of those that nobody has confirmed, while there is one. */
    private String leastTainted() {
        return tainted.entrySet().stream()
                .filter(one -> !one.getValue().confirmed())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> tainted.keySet().iterator().next());
    }

    private LongPredicate hashes() {
        Set<Long> hashes = new HashSet<>();
        tainted.keySet().forEach(destination -> hashes.add(Hash.of(destination)));
        return hashes::contains;
    }

    void overrun(boolean whether) {
        overrun |= whether;
    }

    boolean isTainted(String destination) {
        return !tainted.isEmpty() && tainted.containsKey(destination);
    }

    /** The app goes to a destination that evidence speaks of. */
    void seeTainted(String destination, Situation situation, long atMillis) {
        @Nullable Taint taint = tainted.get(destination);
        @Nullable Entry entry = entries.find(Trait.DESTINATION, situation, destination);
        if (taint != null) {
            taint.seen(atMillis);
        }
        if (entry != null && !entry.tainted) {
            entry.tainted = true;
            touched();
        }
    }

    /** Somebody has looked at the evidence and found it harmless. */
    void clear(String destination) {
        if (tainted.remove(destination) != null) {
            untaint();
        }
    }

    /** Of several causes the others hold. */
    void clear(String destination, Cause cause) {
        @Nullable Taint taint = tainted.get(destination);
        if (taint != null && taint.remove(cause)) {
            touched();
            if (taint.over()) {
                clear(destination);
            }
        }
    }

    private void untaint() {
        overrun &= tainted.size() >= MOST_TAINTED;
        LongPredicate hashes = hashes();
        entries.all().forEach(entry -> entry.tainted = entry.tainted && entry.of(tainted.keySet(), hashes));
        touched();
    }

    /** @return how many entries the decision was made of */
    int decide(Set<Entry.Key> keys, Decision decision) {
        int decided = 0;
        for (Entry.Key key : keys) {
            @Nullable Entry entry = entries.find(key);
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
        expire(settings, nowMillis);
        int gone = entries.removeIf(entry -> entry.forgettable(settings, nowMillis));
        if (gone > 0) {
            touched();
        }
        return gone;
    }

    private void expire(BaselineSettings settings, long nowMillis) {
        tainted.values().forEach(taint -> taint.expire(settings.taintedFor(), nowMillis));
        if (tainted.values().removeIf(Taint::over)) {
            untaint();
        }
    }

    void add(Learnt other) {
        other.entries().forEach(this::put);
        other.tainted.forEach(this::taint);
        other.releases.forEach(this::add);
        overrun |= other.overrun;
        day = Math.max(day, other.day);
        addSeen(other.devices, other.days);
    }

    List<Known> known(BaselineSettings settings, long nowMillis) {
        Build build = build(settings);
        return entries.all().stream()
                .map(entry -> entry.known(entry.standing(settings, build, overrun, nowMillis)))
                .toList();
    }

    /** Those that something speaks against, in no order. */
    List<Tainted> against() {
        return tainted.entrySet().stream()
                .map(one -> one.getValue().of(one.getKey()))
                .toList();
    }

    /** Made anew where more is known than how often and how lately, or where something may have expired. */
    Profile profile(BaselineSettings settings, long nowMillis) {
        @Nullable Profile made = profile;
        if (made == null || !made.sameDay(nowMillis)) {
            if (day != Days.of(nowMillis)) {
                day = Days.of(nowMillis);
                releases.forEach(Release::dayBegins);
            }
            Build build = build(settings);
            List<Profile.Part> parts = new ArrayList<>(entries.size());
            for (Entry entry : entries.all()) {
                Standing standing = entry.standing(settings, build, overrun, nowMillis);
                parts.add(new Profile.Part(entry.known(standing), entry.devices));
            }
            Set<String> confirmed = tainted.entrySet().stream()
                    .filter(one -> one.getValue().confirmed())
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toUnmodifiableSet());
            int found = habits();
            made = new Profile(parts, confirmed, devices.count(), days.count(), releases, enough(settings), nowMillis);
            changed |= habits() != found;
            profile = made;
        }
        return made;
    }

    /** What builds were found to have brought. */
    private int habits() {
        return releases.stream().mapToInt(Release::habits).sum();
    }

    /** Whether nothing in it was decided or is remembered against somebody. */
    boolean undecided() {
        return tainted.isEmpty() && !overrun && entries.all().stream().allMatch(entry -> entry.decision == null);
    }

    long lastMillis() {
        return entries.all().stream().mapToLong(entry -> entry.lastMillis).max().orElse(0);
    }
}
