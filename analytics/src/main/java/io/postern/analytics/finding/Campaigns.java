package io.postern.analytics.finding;

import com.dynatrace.hash4j.hashing.Hashing;
import io.postern.analytics.Verdict;
import io.postern.analytics.detect.Finding;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Findings by destination and technique; as many as the book has, and counted exactly. */
final class Campaigns {

    private final World world;
    private final int least;
    private final Map<String, Group> groups = new HashMap<>();

    Campaigns(World world, int least) {
        this.world = world;
        this.least = least;
    }

    private record Member(double score, boolean alert) {
        static Member of(Kept kept) {
            return new Member(kept.finding().score(), kept.action() != Verdict.Action.ALLOW);
        }
    }

    private static final class Group {
        private final String uid;
        private final String destination;
        private final String technique;
        private final Map<String, Integer> devices = new HashMap<>();
        private final Map<String, Integer> apps = new HashMap<>();
        private final Map<String, Member> members = new HashMap<>();
        private long firstMillis = Long.MAX_VALUE;
        private long lastMillis;
        /** Devices that it had when it was told; 0 if it never was. */
        private int told;

        private boolean toldAlert;

        Group(String uid, String destination, String technique) {
            this.uid = uid;
            this.destination = destination;
            this.technique = technique;
        }

        boolean alert() {
            return members.values().stream().anyMatch(Member::alert);
        }

        Campaign campaign() {
            return new Campaign(
                    uid,
                    destination,
                    technique,
                    devices.size(),
                    apps.size(),
                    members.size(),
                    members.values().stream().mapToDouble(Member::score).max().orElse(0),
                    alert(),
                    firstMillis,
                    lastMillis);
        }
    }

    /** The one it belongs to, or would. */
    String uid(Finding finding) {
        return uid(destination(finding), technique(finding));
    }

    private static String uid(String destination, String technique) {
        return "c-" + String.format("%016x", Hashing.komihash5_0().hashCharsToLong(technique + '\n' + destination));
    }

    private String destination(Finding finding) {
        return world.domain().apply(finding.destination());
    }

    private static String technique(Finding finding) {
        return Technique.of(finding.analytic()).map(Technique::technique).orElse(finding.analytic());
    }

    /** Counts it. */
    void add(Kept kept) {
        Finding finding = kept.finding();
        Group group = groups.computeIfAbsent(
                kept.campaign(), uid -> new Group(uid, destination(finding), technique(finding)));
        if (group.members.put(kept.uid(), Member.of(kept)) == null) {
            group.devices.merge(finding.key().device(), 1, Integer::sum);
            group.apps.merge(finding.key().app(), 1, Integer::sum);
        }
        group.firstMillis = Math.min(group.firstMillis, finding.firstMillis());
        group.lastMillis = Math.max(group.lastMillis, finding.atMillis());
    }

    /** Counts it no more. */
    void remove(Kept kept) {
        @Nullable Group group = groups.get(kept.campaign());
        if (group != null && group.members.remove(kept.uid()) != null) {
            group.devices.merge(kept.finding().key().device(), -1, Campaigns::without);
            group.apps.merge(kept.finding().key().app(), -1, Campaigns::without);
            if (group.members.isEmpty()) {
                groups.remove(kept.campaign());
            }
        }
    }

    private static @Nullable Integer without(Integer count, Integer less) {
        return count + less == 0 ? null : Integer.valueOf(count + less);
    }

    /** Whether it is worth telling that it has come about, is an alert now, or has grown to twice of what was told. */
    Optional<Change> news(String uid) {
        @Nullable Group group = groups.get(uid);
        if (group == null || !(group.devices.size() >= (group.told == 0 ? least : 2 * group.told) || alerts(group))) {
            return Optional.empty();
        }
        Change change = group.told == 0 ? Change.CREATE : Change.UPDATE;
        group.told = group.devices.size();
        group.toldAlert = group.alert();
        return Optional.of(change);
    }

    /** It was told as one of analytics in shadow, and is more by now. */
    private boolean alerts(Group group) {
        return group.told > 0 && !group.toldAlert && group.devices.size() >= least && group.alert();
    }

    Optional<Campaign> find(String uid) {
        return Optional.ofNullable(groups.get(uid))
                .filter(group -> group.devices.size() >= least)
                .map(Group::campaign);
    }

    /** Those that are any, most devices first. */
    List<Campaign> list() {
        return groups.values().stream()
                .filter(group -> group.devices.size() >= least)
                .map(Group::campaign)
                .sorted(Comparator.comparingInt(Campaign::devices).reversed().thenComparing(Campaign::uid))
                .toList();
    }
}
