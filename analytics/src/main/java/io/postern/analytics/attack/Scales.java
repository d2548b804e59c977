package io.postern.analytics.attack;

import io.postern.analytics.Evidence;
import io.postern.analytics.Evidence.Family;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What speaks for a finding and against it, and the score that follows: the sum of the weights for, at most
 * {@value #FAMILY_MOST} of a family, less those against; 0 to 100.
 *
 * <ul>
 *   <li>Of one family alone, however much: {@value #ALONE} at most, which is low. State is no family of its own, it only adds,
 *       at most {@value #STATE_MOST}.
 *   <li>As much of rhythm, sizes and telemetry where nothing is odd about where it goes and what it speaks: backups stage and
 *       encrypt, mail asks by the clock.
 *   <li>An analytic may set a lower bound for what it could not see.
 * </ul>
 *
 * One object is used again and again, without garbage. Not for several threads.
 */
public final class Scales {

    /** The most that one family can weigh. */
    static final int FAMILY_MOST = 50;
    /** The most that state can add. */
    static final int STATE_MOST = 25;
    /** The most that one family alone comes to. */
    static final int ALONE = 39;

    private static final int MOST = 48;
    private static final Family[] FAMILIES = Family.values();

    private final Family[] families = new Family[MOST];
    private final String[] features = new String[MOST];
    private final double[] values = new double[MOST];
    private final double[] thresholds = new double[MOST];
    private final int[] weights = new int[MOST];
    private final boolean[] supports = new boolean[MOST];
    private final String[] notVisible = new String[MOST];
    private int size;
    private int unseen;
    private int bound;
    /** Families that something hard is of. */
    private final Set<Family> hard = EnumSet.noneOf(Family.class);

    private final Set<Family> ignored;

    public Scales() {
        this(Set.of());
    }

    /** @param ignored families that count for nothing */
    Scales(Set<Family> ignored) {
        this.ignored = Set.copyOf(ignored);
        clear();
    }

    void clear() {
        size = 0;
        unseen = 0;
        bound = 100;
        hard.clear();
    }

    /** Something speaks for it. */
    public void supports(Family family, String feature, double value, double threshold, int weight) {
        put(family, feature, value, threshold, weight, true);
    }

    /**
     * Likewise, and it is hard: a violation of a written role or port mapping, positive telemetry, a violation of an approved
     * baseline that recurred. Without one nothing is ever blocked.
     */
    public void hard(Family family, String feature, double value, double threshold, int weight) {
        put(family, feature, value, threshold, weight, true);
        if (!ignored.contains(family)) {
            hard.add(family);
        }
    }

    /** Something speaks against it. */
    public void against(Family family, String feature, double value, double threshold, int weight) {
        put(family, feature, value, threshold, weight, false);
    }

    /** Something could not be seen, which is not the same as that it was not. */
    public void notVisible(String what) {
        for (int i = 0; i < unseen; i++) {
            if (notVisible[i].equals(what)) {
                return;
            }
        }
        if (unseen < MOST) {
            notVisible[unseen++] = what;
        }
    }

    /** For all that speaks for it, the score is no higher. */
    public void atMost(int score) {
        bound = Math.min(bound, score);
    }

    private void put(Family family, String feature, double value, double threshold, int weight, boolean whether) {
        if (size < MOST && !ignored.contains(family)) {
            families[size] = family;
            features[size] = feature;
            values[size] = value;
            thresholds[size] = threshold;
            weights[size] = weight;
            supports[size] = whether;
            size++;
        }
    }

    public boolean empty() {
        return size == 0;
    }

    /** How many families speak for it; state is none. */
    public int independent() {
        int count = 0;
        for (Family family : FAMILIES) {
            count += family != Family.STATE && sum(family) > 0 ? 1 : 0;
        }
        return count;
    }

    /** Whether any of it that is of this family is a violation, or was told by telemetry. */
    boolean hard(Family family) {
        return hard.contains(family);
    }

    /** Whether any of it is a violation or was told by telemetry. */
    public boolean hard() {
        return !hard.isEmpty();
    }

    /** 0 to 100. */
    public double score() {
        int independent = independent();
        if (independent == 0) {
            return 0;
        }
        int score = 0;
        for (Family family : FAMILIES) {
            score += Math.min(family == Family.STATE ? STATE_MOST : FAMILY_MOST, sum(family));
        }
        for (int i = 0; i < size; i++) {
            score -= supports[i] ? 0 : weights[i];
        }
        score = Math.max(0, Math.min(bound, Math.min(100, score)));
        return independent == 1 || !odd() ? Math.min(ALONE, score) : score;
    }

    /** Whether anything speaks for it in where it goes, what it speaks there, or whose it is. */
    private boolean odd() {
        return sum(Family.DESTINATION) + sum(Family.PORT) + sum(Family.DNS) + sum(Family.TAG) > 0;
    }

    private int sum(Family family) {
        int sum = 0;
        for (int i = 0; i < size; i++) {
            sum += supports[i] && families[i] == family ? weights[i] : 0;
        }
        return sum;
    }

    /** What weighs most comes first; objects are made. */
    List<Evidence> evidence() {
        List<Evidence> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            all.add(new Evidence(families[i], features[i], values[i], thresholds[i], weights[i], supports[i]));
        }
        all.sort((one, other) -> other.weight() - one.weight());
        return all;
    }

    List<String> notVisible() {
        return List.of(Arrays.copyOf(notVisible, unseen));
    }
}
