package io.postern.analytics.baseline;

import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Flow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Learns baselines from flows, and keeps what was decided of them. Bounded by {@link BaselineSettings}: the long tail of a
 * subject makes room first, then subjects that few devices show; both are counted. Not for several threads.
 */
public final class Learner {

    private static final int RHYTHMS = 1 << 16;

    /** A DNS name has no more; longer texts are a peer's play. */
    private static final int LONGEST = 253;

    /** Subjects let go of at a time, one in so many, so that a flood of names pays for one look at all of them every so often. */
    private static final int SHARE_OF_SUBJECTS = 64;

    private static final int DROPPED_PER_SUBJECT = 4;

    private final BaselineSettings settings;
    private final Map<Subject, Learnt> subjects = new HashMap<>();
    private final Memory memory = new Memory();
    private final Rhythms rhythms = new Rhythms(RHYTHMS);
    /** Subjects that were stored and are no more. */
    private final Set<Subject> dropped = new LinkedHashSet<>();

    private int entries;
    private long evicted;

    public Learner(BaselineSettings settings) {
        this.settings = settings;
    }

    /** Takes a flow into account; one that is suspect makes its destination one that is never proposed. */
    public void learn(Sighting seen) {
        Flow flow = seen.flow();
        AppTag tag = flow.tag();
        long at = flow.startMillis();
        String destination = name(flow.destination());
        if (seen.suspect()) {
            taint(tag.app(), seen.category(), destination, Cause.EVIDENCE, at);
        }
        Seen counted = new Seen(memory.hash(tag.device()), memory.hash(destination), Days.of(at), at);
        Rhythms.Beat beat = rhythms.beat(key(tag, counted), at);
        see(Subject.app(tag.app()), seen, destination, counted, beat);
        if (!seen.category().isEmpty()) {
            see(Subject.category(seen.category()), seen, destination, counted, beat);
        }
    }

    private long key(AppTag tag, Seen seen) {
        long where = Hash.spread(seen.device() + memory.hash(tag.profile()));
        return Hash.spread(Hash.spread(where + memory.hash(tag.app())) + seen.destination());
    }

    /** What a destination is called in a baseline: whose it is, or else its name or address. */
    public static String name(Destination destination) {
        return destination.domain().isEmpty() ? destination.name() : destination.domain();
    }

    private void see(Subject subject, Sighting seen, String destination, Seen counted, Rhythms.Beat beat) {
        Learnt learnt = learnt(subject);
        Flow flow = seen.flow();
        long at = counted.atMillis();
        learnt.seeOn(counted.device(), counted.day());
        if (subject.kind() == Subject.Kind.APP) {
            learnt.seeBuild(seen.build(), counted.device(), at);
        }
        Marks marks = new Marks(learnt, seen.situation(), counted);
        marks.see(Trait.DESTINATION, destination);
        String port = memory.port(flow.protocol(), flow.destination().port());
        if (learnt.isTainted(destination)) {
            learnt.seeTainted(destination, seen.situation(), at);
            marks.seeTainted(Trait.PORT, port);
            return;
        }
        for (String name : flow.serviceClasses()) {
            marks.see(Trait.SERVICE_CLASS, name);
        }
        marks.see(Trait.PORT, port);
        if (flow.tls().isPresent()) {
            marks.see(Trait.JA4, flow.tls().get().ja4());
            marks.see(Trait.ALPN, flow.tls().get().alpn());
        }
        if (flow.http().isPresent()) {
            Flow.HttpShape http = flow.http().get();
            marks.see(Trait.REQUEST, memory.request(http.method(), http.pathClass()));
            marks.see(Trait.HEADERS, http.headerOrder());
        }
        marks.see(Trait.BYTES_UP, Bands.bytes(seen.bytesOut()));
        marks.see(Trait.BYTES_DOWN, Bands.bytes(seen.bytesIn()));
        marks.see(Trait.HOURS, Bands.hours(at));
        if (beat.interval() >= 0) {
            marks.see(Trait.CADENCE, Bands.cadence(beat.interval()));
        }
        if (beat.lastHour() > 0) {
            marks.see(Trait.RATE, Bands.rate(beat.lastHour()));
        }
    }

    /** What one flow leaves in one subject. */
    private final class Marks {
        private final Learnt learnt;
        private final Situation situation;
        private final Seen seen;

        Marks(Learnt learnt, Situation situation, Seen seen) {
            this.learnt = learnt;
            this.situation = situation;
            this.seen = seen;
        }

        void see(Trait trait, String text) {
            see(trait, text, false);
        }

        /** What nothing but tainted destinations are known for; of other habits nothing is learnt from these. */
        void seeTainted(Trait trait, String text) {
            see(trait, text, true);
        }

        private void see(Trait trait, String text, boolean tainted) {
            if (text.isEmpty() || text.length() > LONGEST) {
                return;
            }
            if (entries >= settings.entries()) {
                makeRoom(learnt);
            }
            int before = learnt.size();
            evicted += learnt.see(trait, text, situation, tainted, seen, settings.entriesOfSubject());
            entries += learnt.size() - before;
        }
    }

    private Learnt learnt(Subject subject) {
        @Nullable Learnt learnt = subjects.get(subject);
        if (learnt == null) {
            if (subjects.size() >= settings.subjects()) {
                dropSubjects();
            }
            learnt = new Learnt();
            subjects.put(subject, learnt);
        }
        return learnt;
    }

    /** Undecided before decided, few devices before many, long ago before lately. */
    private void dropSubjects() {
        subjects.entrySet().stream()
                .map(one -> new Worth(
                        one.getKey(),
                        !one.getValue().undecided(),
                        one.getValue().devices().count(),
                        one.getValue().lastMillis()))
                .sorted(Comparator.comparing(Worth::decided)
                        .thenComparingInt(Worth::devices)
                        .thenComparingLong(Worth::lastMillis))
                .limit(Math.max(1, settings.subjects() / SHARE_OF_SUBJECTS))
                .forEach(worth -> drop(worth.subject));
    }

    private record Worth(Subject subject, boolean decided, int devices, long lastMillis) {}

    private void drop(Subject subject) {
        @Nullable Learnt gone = subjects.remove(subject);
        if (gone != null) {
            entries -= gone.size();
            evicted += gone.size();
            dropped(subject);
        }
    }

    /** Of those that a store failed to remove for long, the first stay in it. */
    private void dropped(Subject subject) {
        dropped.add(subject);
        if (dropped.size() > DROPPED_PER_SUBJECT * settings.subjects()) {
            dropped.remove(dropped.iterator().next());
        }
    }

    /** The subject pays itself when it has more than its share, else the one that has most. */
    private void makeRoom(Learnt wanting) {
        int share = Math.max(1, settings.entries() / Math.max(1, subjects.size()));
        Learnt payer = wanting;
        if (payer.size() <= share) {
            payer = subjects.values().stream()
                    .max(Comparator.comparingInt(Learnt::size))
                    .orElse(payer);
        }
        int before = payer.size();
        evicted += payer.cutTail();
        entries += payer.size() - before;
    }

    /**
     * Something speaks against this app and destination: from now on, and for what was learnt of them already. It ends
     * when it was not told again for {@link BaselineSettings#taintedFor}; a finding's not while the app goes there.
     *
     * @param destination as {@link #name} calls it
     */
    public void taint(String app, String category, String destination, Cause cause, long atMillis) {
        if (destination.length() > LONGEST) {
            return;
        }
        learnt(Subject.app(app)).taint(destination, cause, atMillis);
        if (!category.isEmpty()) {
            learnt(Subject.category(category)).taint(destination, cause, atMillis);
        }
    }

    /** This has been looked at and was harmless: if nothing else speaks against it, the destination may be learnt again. */
    public void clear(String app, String category, String destination, Cause cause) {
        for (Subject subject : List.of(Subject.app(app), Subject.category(category))) {
            @Nullable Learnt learnt = subjects.get(subject);
            if (learnt != null) {
                learnt.clear(destination, cause);
            }
        }
    }

    /** Those something was learnt of, in order. */
    public SortedSet<Subject> subjects() {
        return new TreeSet<>(subjects.keySet());
    }

    /** What is known of a subject, and of which build it speaks; empty if nothing is. */
    public Optional<View> view(Subject subject, long nowMillis) {
        return Optional.ofNullable(subjects.get(subject))
                .map(learnt ->
                        new View(subject, learnt.build(settings), learnt.known(settings, nowMillis), learnt.against()));
    }

    /**
     * A subject as a person looks at it.
     *
     * @param build the newest that is about, by the word of enough devices
     * @param tainted destinations that something speaks against, in the order of their names
     */
    public record View(Subject subject, Build build, List<Known> entries, List<Tainted> tainted) {
        public View {
            entries = entries.stream()
                    .sorted(Comparator.comparing(Known::trait)
                            .thenComparing(Known::text)
                            .thenComparing(Known::situation))
                    .toList();
            tainted = tainted.stream()
                    .sorted(Comparator.comparing(Tainted::destination))
                    .toList();
        }
    }

    /**
     * Makes a decision of entries of a subject.
     *
     * @param ids see {@link Known#id}
     * @return of how many it was made
     */
    public int decide(Subject subject, Set<String> ids, Decision decision) {
        @Nullable Learnt learnt = subjects.get(subject);
        if (learnt == null) {
            return 0;
        }
        Set<Entry.Key> keys = learnt.entries().stream()
                .filter(entry -> ids.contains(entry.known(Standing.LEARNING).id()))
                .map(entry -> entry.key)
                .collect(Collectors.toSet());
        return learnt.decide(keys, decision);
    }

    /** Lets go of what nobody has decided and nobody has seen for long, and of old suspicion. Now and then. */
    public void forget(long nowMillis) {
        List.copyOf(subjects.entrySet()).forEach(one -> {
            entries -= one.getValue().forget(settings, nowMillis);
            if (one.getValue().size() == 0 && one.getValue().undecided()) {
                drop(one.getKey());
            }
        });
    }

    /** For detection; what has not changed since the last one is that one's. */
    public Baseline snapshot(long nowMillis) {
        Map<String, Profile> apps = new HashMap<>();
        Map<String, Profile> categories = new HashMap<>();
        subjects.forEach((subject, learnt) -> {
            Map<String, Profile> where = subject.kind() == Subject.Kind.APP ? apps : categories;
            where.put(subject.name(), learnt.profile(settings, nowMillis));
        });
        return new Baseline(apps, categories);
    }

    /** Takes in what {@link #write} wrote. */
    public void read(Subject subject, byte[] bytes) {
        join(subject, BaselineBytes.read(bytes));
    }

    /**
     * Takes in what {@link #share} of another gateway wrote. Nothing of it is approved or rejected by that, whatever was decided
     * there: it counts as seen, as often, and what speaks against it speaks against it here.
     *
     * @return how many entries it has
     * @throws IllegalArgumentException if it is not what a gateway writes, or of a time to come
     */
    public int adopt(Subject subject, byte[] bytes, long nowMillis) {
        Learnt other = Foreign.read(bytes, LONGEST, nowMillis);
        join(subject, other);
        return other.size();
    }

    private void join(Subject subject, Learnt other) {
        Learnt learnt = learnt(subject);
        int before = learnt.size();
        learnt.add(other);
        entries += learnt.size() - before;
        while (learnt.size() > settings.entriesOfSubject()) {
            int full = learnt.size();
            evicted += learnt.cutTail();
            entries += learnt.size() - full;
        }
        while (entries > settings.entries()) {
            makeRoom(learnt);
        }
    }

    /** A subject as bytes, to be stored. */
    public byte[] write(Subject subject) {
        return BaselineBytes.write(learnt(subject));
    }

    /** A subject as bytes for another gateway, without what was decided of it here and by whom; empty if nothing is known. */
    public Optional<byte[]> share(Subject subject) {
        return Optional.ofNullable(subjects.get(subject))
                .map(BaselineBytes::write)
                .map(bytes -> {
                    Learnt copy = BaselineBytes.read(bytes);
                    copy.entries().forEach(entry -> entry.decision = null);
                    return BaselineBytes.write(copy);
                });
    }

    /** Which subjects have changed since this was asked last, and which are gone. */
    public Changes takeChanges() {
        List<Subject> changed = new ArrayList<>();
        subjects.forEach((subject, learnt) -> {
            if (learnt.changed) {
                learnt.changed = false;
                changed.add(subject);
            }
        });
        List<Subject> gone =
                dropped.stream().filter(one -> !subjects.containsKey(one)).toList();
        dropped.clear();
        return new Changes(changed, gone);
    }

    /** What could not be stored: it is among the changes asked for next. */
    public void putBack(Changes changes) {
        for (Subject subject : changes.changed) {
            @Nullable Learnt learnt = subjects.get(subject);
            if (learnt != null) {
                learnt.changed = true;
            }
        }
        changes.gone.forEach(this::dropped);
    }

    /** What must be stored, and what removed. */
    public record Changes(List<Subject> changed, List<Subject> gone) {}

    /** Entries held. */
    public int size() {
        return entries;
    }

    /** Entries that had to go for want of room. */
    public long evicted() {
        return evicted;
    }

    /** Rhythms of flows that had to go for want of room. */
    public long rhythmsEvicted() {
        return rhythms.evicted();
    }
}
