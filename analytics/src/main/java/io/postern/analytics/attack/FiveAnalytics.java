package io.postern.analytics.attack;

import io.postern.analytics.DeviceState;
import io.postern.analytics.Retold;
import io.postern.analytics.Tracked;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.ByDevice;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Activity;
import io.postern.analytics.detect.Score;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Delegates;
import io.postern.analytics.flow.Delegates.Carried;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.FlowEvent.Outcome;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.instrument.Asking;
import io.postern.analytics.instrument.Cadence;
import io.postern.analytics.instrument.Usual;
import io.postern.analytics.state.Questions;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The five analytics over any number of devices. Each event goes into its device's state; what that says of the app and the
 * destination is weighed when there is something new to weigh: at once for a new destination, after a fact, for a beginning
 * clock; ever more seldom for what has long been quiet. Bounded; not for several threads.
 */
public final class FiveAnalytics implements ByDevice {

    private static final int PEERS = 20_000;
    private static final double INFORMATION = 1_500;

    private final Settings settings;
    private final List<Analytic> analytics;
    private final ApplicationLayerProtocol names;
    private final boolean weighsNames;
    private final Scales scales;
    private final OpenFindings open;
    private final Domains domains = new Domains();
    private final Peers peers = new Peers(PEERS);
    private final Devices devices;
    private final KeyRoom room;

    /** What a settling device's facts have changed; empty between settlings. */
    private final Map<Changed, Long> changed = new LinkedHashMap<>();

    private Knowledge knowledge = Knowledge.NONE;
    private long weighed;

    public FiveAnalytics(Settings settings) {
        this(settings, KeyRoom.unbounded());
    }

    /** @param room for keys, which others share */
    public FiveAnalytics(Settings settings, KeyRoom room) {
        this.settings = settings;
        this.room = room;
        scales = new Scales(settings.ignored());
        names = new ApplicationLayerProtocol(settings.applicationLayer());
        analytics = all(settings).stream()
                .filter(each -> !settings.off().contains(each.id()))
                .toList();
        weighsNames = !settings.off().contains(names.id());
        open = new OpenFindings(settings.findings());
        devices = new Devices(settings.devices(), settings.state(), room);
    }

    /** Each of the five, whether it is on or off. */
    public static List<Analytic> all(Settings settings) {
        return List.of(
                new WebService(settings.webService()),
                new ApplicationLayerProtocol(settings.applicationLayer()),
                new NonStandardPort(settings.nonStandardPort()),
                new WebProtocols(settings.webProtocols()),
                new EncryptedChannel(settings.encryptedChannel()));
    }

    /** From now on this is known beside flows and facts. */
    public void knows(Knowledge known) {
        knowledge = known;
    }

    @Override
    public void observe(FlowEvent event, Consumer<Finding> findings) {
        Flow flow = event.flow();
        Device device = devices.of(flow.tag().device());
        settle(device, findings);
        boolean fresh = event instanceof FlowEvent.Opened;
        Tracked seen = device.state.observe(event);
        devices.counted(device);
        if (event instanceof FlowEvent.Closed closed && closed.outcome() == Outcome.REFUSED) {
            open.stillTried(seen.key(device.id), seen.destination(), event.atMillis(), analytics);
            return;
        }
        if (fresh || event instanceof FlowEvent.Exchanged) {
            device.pushMillis = Agenda.pushes(device.pushMillis, seen, event);
        }
        if (event instanceof FlowEvent.Asked asked && weighsNames) {
            asked(device, seen, asked, findings);
        }
        if (Agenda.due(seen, event, device.state.lastMarks() != 0, knowledge.version())) {
            weigh(device, seen, flow.tag(), flow.destination(), Optional.of(flow), event.atMillis(), false, findings);
        }
    }

    private void weigh(
            Device device,
            Tracked seen,
            AppTag tag,
            Destination to,
            Optional<Flow> flow,
            long at,
            boolean late,
            Consumer<Finding> findings) {
        weighed++;
        int classes = Agenda.classes(seen, flow);
        Sight sight = device.sight(seen, peers);
        sight.look(knowledge, tag, to, flow, classes, Agenda.afterPush(seen), at);
        if (Agenda.isNews(seen, knowledge.version())) {
            sight.tellPeers();
        }
        double most = 0;
        boolean held = false;
        if (!isOfNames(tag)) {
            // By number: no iterator.
            for (int i = 0; i < analytics.size(); i++) {
                Analytic each = analytics.get(i);
                scales.clear();
                each.weigh(sight, scales);
                double score = scales.score();
                most = Math.max(most, score);
                held |= judged(each.id(), device, sight, score, late, findings);
            }
        }
        seen.hold(held);
        Agenda.weighed(
                seen, knowledge.version(), late || most >= 20 || (most > 0 && sight.clock() >= Cadence.CLOCK / 3));
    }

    /** The system's resolver: what it carries is judged by the names that are asked. */
    private static boolean isOfNames(AppTag tag) {
        return Delegates.of(tag.app()).filter(what -> what == Carried.NAMES).isPresent();
    }

    /** @return whether there is an open finding */
    private boolean judged(
            String analytic, Device device, Sight sight, double score, boolean late, Consumer<Finding> findings) {
        Tracked seen = sight.seen();
        boolean medium = score >= Finding.Severity.MEDIUM.from();
        if (!medium && !seen.held()) {
            return false;
        }
        AppKey key = seen.key(device.id);
        String destination = seen.destination();
        open.judged(
                new Finding(
                        "",
                        Activity.UPDATE,
                        analytic,
                        key,
                        destination,
                        score,
                        scales.evidence(),
                        scales.notVisible(),
                        sight.now(),
                        seen.firstMillis(),
                        seen.checkIns(),
                        seen.bytesOut(),
                        !late && Blocking.may(sight, scales, score),
                        new Finding.Spoken(sight.protocol(), sight.to().port())),
                late,
                findings);
        return open.has(analytic, key, destination);
    }

    private void asked(Device device, Tracked seen, FlowEvent.Asked asked, Consumer<Finding> findings) {
        int at = device.state.lastAsked();
        if (at < 0) {
            return;
        }
        Questions questions = device.state.questions();
        long[] words = questions.words(at);
        int place = questions.asking(at);
        if (!Domains.counts(Asking.asked(words, place))) {
            return;
        }
        domains.asked(device, at, asked.domain());
        if (Asking.information(words, place) < INFORMATION) {
            return;
        }
        Flow flow = asked.flow();
        Sight sight = device.sight(seen, peers);
        sight.look(knowledge, flow.tag(), flow.destination(), Optional.of(flow), 0, 0, asked.atMillis());
        scales.clear();
        names.weighNames(sight, scales, at, asked.name(), domains);
        double score = scales.score();
        AppKey key = flow.key();
        if (score >= Finding.Severity.MEDIUM.from() || open.has(names.id(), key, asked.domain())) {
            open.judged(
                    new Finding(
                            "",
                            Activity.UPDATE,
                            names.id(),
                            key,
                            asked.domain(),
                            score,
                            scales.evidence(),
                            scales.notVisible(),
                            asked.atMillis(),
                            questions.firstMillis(at),
                            Asking.asked(words, place),
                            (long) Asking.information(words, place),
                            Blocking.may(sight, scales, score),
                            new Finding.Spoken(Protocol.DNS, flow.destination().port())),
                    false,
                    findings);
        }
    }

    @Override
    public void told(ContextEvent event, Consumer<Finding> findings) {
        Device device = devices.of(event.device());
        device.state.tell(event);
        if (device.state.late().awaitsSettling()) {
            devices.awaits(device);
        }
    }

    /** What was told of the last hours may change what was made of them. */
    private void settle(Device device, Consumer<Finding> findings) {
        if (!device.state.late().unsettled()) {
            return;
        }
        weighLate(device, device.state.late()::settle, findings);
        devices.settled(device);
    }

    /** Each once, however many of its check-ins are changed: as of the last that came soon after what was told. */
    private void weighLate(Device device, Consumer<Consumer<Tracked>> settled, Consumer<Finding> findings) {
        try {
            settled.accept(seen -> changed.merge(
                    new Changed(seen.key(device.id), seen.destination()),
                    device.state.late().settledMillis(),
                    Math::max));
            changed.forEach((what, at) -> device.state
                    .find(what.key.profile(), what.key.app(), what.destination)
                    .ifPresent(seen -> weighLate(device, what, at == 0 ? seen.lastMillis() : at, seen, findings)));
        } finally {
            changed.clear();
        }
    }

    /** What is to be judged again. */
    private record Changed(AppKey key, String destination) {}

    private void weighLate(Device device, Changed what, long at, Tracked seen, Consumer<Finding> findings) {
        AppKey key = what.key;
        AppTag tag = new AppTag(key.device(), key.profile(), key.app(), DeviceAssurance.NONE, AppAssurance.NONE);
        Destination to = Destination.named(what.destination, seen.domain(), seen.port());
        weigh(device, seen, tag, to, Optional.empty(), at, true, findings);
    }

    @Override
    public void reached(long atMillis, Consumer<Finding> findings) {
        devices.awaiting().forEach(device -> settle(device, findings));
        open.reached(atMillis, findings);
    }

    @Override
    public void scores(Consumer<Score> scores) {
        Consumer<Finding> nobody = finding -> {};
        devices.each(device -> {
            settle(device, nobody);
            device.state.each(seen -> score(device, seen, scores));
        });
    }

    private void score(Device device, Tracked seen, Consumer<Score> scores) {
        AppKey key = seen.key(device.id);
        AppTag tag = new AppTag(key.device(), key.profile(), key.app(), DeviceAssurance.NONE, AppAssurance.NONE);
        if (isOfNames(tag)) {
            return;
        }
        String destination = seen.destination();
        Sight sight = device.sight(seen, peers);
        sight.look(
                knowledge,
                tag,
                Destination.named(destination, seen.domain(), seen.port()),
                Optional.empty(),
                Agenda.classes(seen),
                Agenda.afterPush(seen),
                seen.lastMillis());
        for (Analytic each : analytics) {
            scales.clear();
            each.weigh(sight, scales);
            scores.accept(new Score(key, destination, each.id(), scales.score(), seen.checkIns()));
        }
    }

    @Override
    public List<String> devices() {
        return devices.ids();
    }

    /** What is remembered of a device; empty of one that is not. To be read where this is used. */
    public Optional<DeviceState> state(String device) {
        return devices.find(device).map(known -> known.state);
    }

    /** Puts back what was remembered of a device, in place of anything there is. */
    public void restore(String device, DeviceState state) {
        devices.restore(device, state);
    }

    @Override
    public void forget(String device) {
        devices.forget(device);
        open.forget(device);
    }

    @Override
    public boolean write(String device, DataOutput out) throws IOException {
        Optional<Device> known = devices.find(device);
        if (known.isEmpty()) {
            return false;
        }
        known.get().state.writeTo(out);
        open.writeTo(device, out);
        return true;
    }

    @Override
    public void read(String device, DataInput in) throws IOException {
        DeviceState state = DeviceState.readFrom(in, settings.state(), Usual.UNKNOWN);
        open.readFrom(device, in);
        restore(device, state);
    }

    @Override
    public Map<String, Long> held() {
        return Gauges.held(devices, open, domains, peers);
    }

    /**
     * What is known of a device now is remembered beside what will be told late, so that its flows can be told again by both, with
     * {@link #again} and {@link #settle}. To be called before each that is told.
     */
    public void keepBefore(String device) {
        devices.find(device).ifPresent(known -> known.state.late().keepBefore());
    }

    /** To be told of a device's flows once more, for {@link #settle}; empty of one that nothing was told late of. */
    public Optional<Retold> again(String device) {
        return devices.find(device).flatMap(known -> known.state.late().again());
    }

    /** What was told late, days later than flows, beside those flows; each key is judged as of the times that it speaks of. */
    public void settle(String device, Retold again, Consumer<Finding> findings) {
        devices.find(device)
                .ifPresent(known -> known.state.late().settle(again, (seen, at) -> {
                    Changed what = new Changed(seen.key(device), seen.destination());
                    weighLate(known, what, at, seen, findings);
                }));
    }

    /** Findings that are open. */
    public int openFindings() {
        return open.size();
    }

    @Override
    public Map<String, Long> saturated() {
        return Gauges.saturated(devices, open, domains, peers);
    }

    /** Of its keys and those of others. */
    public KeyRoom room() {
        return room;
    }

    /** How often a key was weighed; for those who measure. */
    public long weighed() {
        return weighed;
    }
}
