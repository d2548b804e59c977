package io.postern.gateway;

import io.postern.analytics.Verdict;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.config.policy.Policy;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Suspicion;
import io.postern.gateway.judge.Verdicts;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.records.PersonalProfiles;
import io.postern.gateway.rules.FindingSource;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Match;
import io.postern.gateway.rules.Question;
import io.postern.wire.ip.AddressText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Knows the findings that are open, and what they say of flows: tells flows that live by their own loops, all findings that
 * come up between two looks together and one that acts at once, and answers for those that begin and are judged.
 */
final class FindingWatch implements FindingSource {

    /** Open findings; those beyond mark no flow and act on none. Some 2 kB each. Of a device the weakest make room first. */
    static final int MOST = 65_536;

    /** Of one device. */
    static final int MOST_OF_DEVICE = 256;

    /** Kept free, of all, for those that act or would. */
    static final int RESERVED = MOST / 4;

    /** That one flow is told of. */
    static final int MOST_OF_FLOW = 8;

    private static final Comparator<OpenFinding> STRONGEST_FIRST =
            Comparator.comparingInt(OpenFinding::weight).reversed();

    /** Enough to act on a device's flows without asking anybody: rule 1 of the specification. */
    private static final Set<DeviceAssurance> PROVED =
            EnumSet.of(DeviceAssurance.MTLS_BOUND, DeviceAssurance.TAG_VERIFIED, DeviceAssurance.TUNNEL_KEY);

    private final Function<String, Policy.Mode> modes;
    private final Enforcement enforcement;
    private final PersonalProfiles personal;
    private final Map<String, List<OpenFinding>> byDevice = new ConcurrentHashMap<>();
    private final Set<String> changed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder turnedAway = new LongAdder();
    private volatile Runnable atOnce = () -> {};
    private volatile Consumer<String> renewed = device -> {};
    private volatile BiConsumer<Finding, Verdict.Action> acting = (finding, action) -> {};

    /**
     * What became of a word.
     *
     * @param added whether it is among those that are open
     * @param begins whether it acts from now on, and did not before
     * @param turned whether flows of its device are judged otherwise from now on
     */
    private record Turn(boolean added, boolean begins, boolean turned) {}

    private static final Turn NOTHING = new Turn(false, false, false);

    /** @param modes of analytics */
    FindingWatch(Function<String, Policy.Mode> modes, Enforcement enforcement, Meters meters) {
        this(modes, enforcement, PersonalProfiles.NONE, meters);
    }

    /** @param personal of whose flows findings know registrable domains alone */
    FindingWatch(
            Function<String, Policy.Mode> modes, Enforcement enforcement, PersonalProfiles personal, Meters meters) {
        this.personal = personal;
        this.modes = modes;
        this.enforcement = enforcement;
        meters.table("open-findings", open::get, turnedAway::sum);
        meters.watchEach(
                "postern.findings.demoted",
                "Open findings that are enough to act on and only alert, by why",
                "reason",
                Enforcement.Lack.class,
                Enforcement.Lack::label,
                this::demoted);
    }

    private long demoted(Enforcement.Lack why) {
        return byDevice.values().stream()
                .flatMap(List::stream)
                .filter(each -> each.match()
                        .filter(match -> match.note().equals(why.text()))
                        .isPresent())
                .count();
    }

    /** How a finding stands that is kept: what is over, suppressed or found harmless marks flows no more. */
    void kept(Kept kept) {
        Finding finding = kept.finding();
        Policy.Mode mode = modes.apply(finding.analytic());
        Optional<Match> match = enforcement.match(finding, OpenFinding.acted(kept));
        boolean marks = mode == Policy.Mode.ALERT || mode == Policy.Mode.ENFORCE;
        boolean stands = kept.status().stands() && (marks || match.isPresent());
        OpenFinding now = OpenFinding.of(kept, marks, match);
        Turn turn = change(now, stands);
        if (turn.turned) {
            renewed.accept(now.about().key().device());
        }
        if (turn.begins) {
            atOnce.run();
        }
        if (turn.added) {
            sayThatItActs(now);
        }
    }

    /** Nothing is known of a device any more; its flows are judged without. */
    void forget(String device) {
        byDevice.computeIfPresent(device, (unused, known) -> {
            open.addAndGet(-known.size());
            return null;
        });
        changed.add(device);
        renewed.accept(device);
    }

    /** So that records, and the next start, know of it. While enforcement is switched off it does nothing. */
    private void sayThatItActs(OpenFinding one) {
        if (one.acts() && !one.acted() && !enforcement.killed()) {
            acting.accept(one.finding(), one.match().orElseThrow().effective());
        }
    }

    private Turn change(OpenFinding now, boolean stands) {
        String device = now.about().key().device();
        Turn[] turn = {NOTHING};
        byDevice.compute(device, (unused, before) -> {
            List<OpenFinding> known = before == null ? List.of() : before;
            if (known.stream().anyMatch(each -> each.overtook(now))) {
                return before;
            }
            List<OpenFinding> next = with(known, now, stands);
            boolean added = next.contains(now);
            boolean acted = known.stream().anyMatch(each -> each.about().equals(now.about()) && each.acts());
            turn[0] = new Turn(
                    added, added && now.acts() && !acted, !acting(known).equals(acting(next)));
            return next.isEmpty() ? null : next;
        });
        changed.add(device);
        return turn[0];
    }

    private static Map<OpenFinding.About, Match> acting(List<OpenFinding> some) {
        return some.stream()
                .filter(OpenFinding::acts)
                .collect(Collectors.toMap(
                        OpenFinding::about, each -> each.match().orElseThrow()));
    }

    private List<OpenFinding> with(List<OpenFinding> before, OpenFinding fresh, boolean stands) {
        List<OpenFinding> now = new ArrayList<>(before);
        now.removeIf(each -> each.about().equals(fresh.about()));
        if (stands) {
            if (room(fresh, before, now)) {
                now.add(fresh);
            } else {
                turnedAway.increment();
                int weakest = now.size() - 1;
                if (weakest >= 0 && now.get(weakest).weight() < fresh.weight()) {
                    now.set(weakest, fresh);
                }
            }
        }
        open.addAndGet(now.size() - before.size());
        return ranked(now);
    }

    private boolean room(OpenFinding fresh, List<OpenFinding> before, List<OpenFinding> now) {
        if (now.size() < before.size()) {
            return true;
        }
        int most = fresh.wouldAct() ? MOST : MOST - RESERVED;
        return now.size() < MOST_OF_DEVICE && open.get() < most;
    }

    private static List<OpenFinding> ranked(List<OpenFinding> some) {
        return some.stream().sorted(STRONGEST_FIRST).toList();
    }

    /**
     * Flows are told at once of what begins to act, and by {@link #look}.
     *
     * @param told of what begins to do more than alert; never waits
     */
    void begin(Judges judges, Flows flows, Verdicts verdicts, BiConsumer<Finding, Verdict.Action> told) {
        acting = told;
        renewed = judges::changed;
        atOnce = () -> tell(flows, verdicts);
    }

    /** Not for an event loop: flows are told by their own. */
    void look(Flows flows, Verdicts verdicts) {
        if (enforcement.any()) {
            byDevice.keySet().forEach(this::weighAgain);
        }
        tell(flows, verdicts);
    }

    /** What findings may do changes with answers, approvals and what is seen of flows. */
    private void weighAgain(String device) {
        boolean[] turned = {false};
        byDevice.computeIfPresent(device, (unused, before) -> {
            List<OpenFinding> now = before.stream()
                    .map(each -> {
                        Optional<Match> match = enforcement.match(each.finding(), each.acted());
                        return match.equals(each.match()) ? each : each.with(match);
                    })
                    .toList();
            // Also of those that have not changed: enforcement may be on again.
            now.forEach(this::sayThatItActs);
            if (now.equals(before)) {
                return before;
            }
            changed.add(device);
            turned[0] = !acting(before).equals(acting(now));
            return ranked(now);
        });
        if (turned[0]) {
            renewed.accept(device);
        }
    }

    private void tell(Flows flows, Verdicts verdicts) {
        Set<String> devices = new HashSet<>();
        changed.removeIf(devices::add);
        if (!devices.isEmpty()) {
            verdicts.again(flows, flow -> {
                boolean turned = devices.contains(device(flow));
                if (turned) {
                    mark(flow);
                }
                return turned;
            });
        }
    }

    /** On the flow's loop. */
    void mark(LiveFlow flow) {
        if (byDevice.isEmpty() && flow.suspicions().isEmpty()) {
            return;
        }
        List<OpenFinding> known = byDevice.getOrDefault(device(flow), List.of());
        if (known.isEmpty()) {
            flow.suspected(List.of());
            return;
        }
        String to = destination(flow);
        List<Suspicion> suspicions = new ArrayList<>(1);
        for (OpenFinding each : known) {
            if (each.marks()
                    && suspicions.size() < MOST_OF_FLOW
                    && each.about().concerns(flow.tag())
                    && each.about().covers(to)) {
                suspicions.add(each.what());
            }
        }
        flow.suspected(List.copyOf(suspicions));
    }

    /**
     * By the name the gateway resolved and by the one that is claimed: both condemn. By the address where there is no name. Of
     * a flow whose device has not proved who it is, nothing does more than alert.
     */
    @Override
    public List<Match> of(Question question) {
        AppTag tag = question.tag();
        List<OpenFinding> known = byDevice.getOrDefault(tag.device(), List.of());
        if (known.isEmpty() || !tag.attributed()) {
            return List.of();
        }
        List<Match> matches = new ArrayList<>(1);
        for (OpenFinding each : known) {
            if (each.match().isPresent() && concerns(each.about(), question)) {
                Match match = each.acts() && !PROVED.contains(tag.deviceAssurance())
                        ? each.match().get().alerting(Enforcement.Lack.ASSURANCE.text())
                        : each.match().get();
                if (!matches.contains(match)) {
                    matches.add(match);
                }
            }
        }
        return matches;
    }

    private boolean concerns(OpenFinding.About about, Question question) {
        AppTag tag = question.tag();
        if (!about.concerns(tag)) {
            return false;
        }
        Optional<String> claimed = question.claimedName().flatMap(name -> personal.name(tag.profile(), name));
        Optional<String> verified = question.verifiedName().flatMap(name -> personal.name(tag.profile(), name));
        return claimed.filter(about::covers).isPresent()
                || verified.filter(about::covers).isPresent()
                || (question.claimedName().isEmpty()
                        && question.verifiedName().isEmpty()
                        && question.address()
                                .map((InetAddress address) -> AddressText.of(address))
                                .filter(about::covers)
                                .isPresent());
    }

    /** As detection has it. */
    private static String device(LiveFlow flow) {
        return flow.tag().attributed()
                ? flow.tag().device()
                : AddressText.of(flow.client().getAddress());
    }

    private String destination(LiveFlow flow) {
        return flow.recognised()
                .claimedName()
                .or(flow.destination()::name)
                .flatMap(name -> personal.name(flow.tag().profile(), name))
                .or(() -> flow.remote().map(InetSocketAddress::getAddress).map(AddressText::of))
                .orElse("");
    }
}
