package io.postern.analytics.finding;

import io.postern.analytics.Evidence;
import io.postern.analytics.detect.Finding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Everything that says nobody need look: exceptions of policy first, then what analysts answered. */
final class Silences {

    private final Predicate<Evidence> hard;
    private Map<String, List<Excuse>> excuses = Map.of();
    private List<Excuse> inOrder = List.of();

    /** The one answered longest ago first: it goes when there are too many. */
    private final Map<Suppression.Alike, Suppression> suppressions = new LinkedHashMap<>();

    private final Set<Suppression.Alike> changed = new HashSet<>();
    private final int most;
    private long evicted;

    Silences(Predicate<Evidence> hard, int most) {
        this.hard = hard;
        this.most = most;
    }

    /** From now on these, and no others. */
    void adopt(List<Excuse> fresh) {
        inOrder = List.copyOf(fresh);
        excuses = inOrder.stream().collect(Collectors.groupingBy(Excuse::analytic));
    }

    Optional<Silence> of(Finding finding, long nowMillis) {
        for (Excuse excuse : excuses.getOrDefault(finding.analytic(), List.of())) {
            if (excuse.excuses(finding, nowMillis)) {
                return Optional.of(excuse.silence());
            }
        }
        @Nullable Suppression suppression = suppressions.get(Suppression.Alike.of(finding));
        return suppression != null && suppression.covers(finding, nowMillis, hard)
                ? Optional.of(suppression.silence())
                : Optional.empty();
    }

    void add(Finding finding, Review review, long untilMillis) {
        put(Suppression.of(finding, review, untilMillis, hard));
    }

    void put(Suppression suppression) {
        suppressions.remove(suppression.like());
        suppressions.put(suppression.like(), suppression);
        changed.add(suppression.like());
        if (suppressions.size() > most) {
            Suppression.Alike oldest = suppressions.keySet().iterator().next();
            remove(oldest);
            evicted++;
        }
    }

    /** This finding is answered anew: what was answered of it holds no more, nor of any like it if it was what it said. */
    void withdraw(Finding finding, Review review) {
        Suppression.Alike like = Suppression.Alike.of(finding);
        @Nullable Suppression suppression = suppressions.get(like);
        boolean real = review.conclusion()
                .filter(one -> one == Conclusion.TRUE_POSITIVE)
                .isPresent();
        if (suppression != null && (real || suppression.finding().equals(finding.uid()))) {
            remove(like);
        }
    }

    private void remove(Suppression.Alike like) {
        suppressions.remove(like);
        changed.add(like);
    }

    /** Lets go of those that hold of one device alone. */
    void forget(String device) {
        List.copyOf(suppressions.keySet()).stream()
                .filter(like -> like.device().equals(device))
                .forEach(this::remove);
    }

    /** Lets go of those whose time has come. */
    void reached(long nowMillis) {
        List.copyOf(suppressions.values()).stream()
                .filter(one -> nowMillis >= one.untilMillis())
                .forEach(one -> remove(one.like()));
    }

    /** What was answered at a time that has not been holds for as long from now on. */
    void bringBack(long nowMillis) {
        List.copyOf(suppressions.values()).stream()
                .filter(one -> one.fromMillis() > nowMillis)
                .forEach(one -> put(one.from(nowMillis)));
    }

    List<Suppression> suppressions() {
        return List.copyOf(suppressions.values());
    }

    List<Excuse> excuses() {
        return inOrder;
    }

    /** How they stand that have changed since this was asked last; those that are gone are empty. */
    Map<Suppression.Alike, Optional<Suppression>> takeChanged() {
        Map<Suppression.Alike, Optional<Suppression>> all = new HashMap<>();
        changed.forEach(like -> all.put(like, Optional.ofNullable(suppressions.get(like))));
        changed.clear();
        return all;
    }

    long evicted() {
        return evicted;
    }

    /** What each exception is good for. */
    List<ExcuseUse> uses(Iterable<Kept> all, long nowMillis) {
        List<ExcuseUse> uses = new ArrayList<>();
        for (Excuse excuse : inOrder) {
            int used = 0;
            int exceeded = 0;
            long last = 0;
            for (Kept kept : all) {
                if (kept.silence().filter(one -> one.id().equals(excuse.id())).isPresent()) {
                    used++;
                    last = Math.max(last, kept.finding().atMillis());
                } else if (kept.silence().isEmpty() && excuse.about(kept.finding())) {
                    exceeded++;
                }
            }
            uses.add(new ExcuseUse(excuse, used, last, exceeded, nowMillis < excuse.untilMillis()));
        }
        return uses;
    }
}
