package io.postern.gateway.context;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Heartbeat;
import io.postern.analytics.context.ContextLimits;
import io.postern.analytics.context.DeviceContext;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.flow.AppTag;
import io.postern.config.ContextSettings;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is known of every device, by what sources told. Each device takes room of one source, of those that tell of it the one
 * that has fewest; when there are too many, the source that has most gives the one that was silent longest. So whoever names
 * devices without number has others' forgotten only until it has as many as they. One thread tells; any may ask, and waits no longer than another question or one event of the same device takes.
 */
public final class DeviceContexts {

    /** Of one device; a source may tell it at once and in batches, natively and by OpenTelemetry. */
    private static final int MOST_SOURCES = 15;

    private final ContextLimits limits;
    private final int most;
    private final Map<String, Set<FactKind>> declared;
    private final Map<String, Held> devices = new ConcurrentHashMap<>();

    /** The same by the source whose room they take, silent longest first; for the thread that tells. */
    private final Map<String, Map<String, Held>> bySource = new HashMap<>();

    private final Map<String, LongAdder> crowdedOut = new ConcurrentHashMap<>();

    public DeviceContexts(ContextSettings settings) {
        ContextLimits shipped = ContextLimits.DEFAULTS;
        limits = new ContextLimits(
                shipped.apps(),
                MOST_SOURCES,
                shipped.transitions(),
                shipped.events(),
                shipped.ids(),
                settings.silence(),
                settings.batchedSilence());
        most = settings.devices();
        declared = settings.sources().stream()
                .collect(Collectors.toUnmodifiableMap(ContextSettings.Source::name, ContextSettings.Source::promises));
    }

    /** One device; guarded by itself. */
    private static final class Held {
        private final DeviceContext context;
        private final Set<String> declarers = new HashSet<>();
        private final Set<FactKind> declared = EnumSet.noneOf(FactKind.class);

        /** The source whose room it takes; for the thread that tells. */
        private String payer;

        Held(ContextLimits limits, String payer) {
            context = new DeviceContext(limits);
            this.payer = payer;
        }
    }

    /** For one thread. */
    public void tell(ContextEvent event) {
        String teller = Source.ofEvent(event);
        Held held = devices.get(event.device());
        if (held == null) {
            held = new Held(limits, teller);
            room(teller).put(event.device(), held);
            devices.put(event.device(), held);
            makeRoom();
        } else {
            move(event.device(), held, teller);
        }
        synchronized (held) {
            declare(held, event);
            held.context.tell(event.said() instanceof ContextEvent.Interacted ? ofDevice(event) : event);
        }
    }

    /** Somebody used the device, whatever the app: its name would only take room that other apps' facts need. */
    private static ContextEvent ofDevice(ContextEvent event) {
        return new ContextEvent(
                event.id(),
                event.timeMillis(),
                event.device(),
                event.profile(),
                Optional.empty(),
                event.said(),
                event.source(),
                event.batched());
    }

    /** Behind all that were silent longer; into the teller's room where there is more of it. */
    private void move(String device, Held held, String teller) {
        Map<String, Held> from = room(held.payer);
        from.remove(device);
        if (room(teller).size() < from.size()) {
            held.payer = teller;
        }
        room(held.payer).put(device, held);
    }

    private Map<String, Held> room(String source) {
        return bySource.computeIfAbsent(source, unused -> new LinkedHashMap<>());
    }

    /** Settings say what a source reports; where it says so itself, that counts from then on. */
    private void declare(Held held, ContextEvent event) {
        String declarer = event.source() + (event.batched() ? "/batched" : "");
        Set<FactKind> reports = declared.getOrDefault(event.source(), Set.of());
        if (held.declarers.add(declarer)) {
            held.declared.addAll(reports);
            held.context.tell(new ContextEvent(
                    "declared/" + declarer,
                    event.timeMillis(),
                    event.device(),
                    event.profile(),
                    Optional.empty(),
                    new Heartbeat(reports),
                    event.source(),
                    event.batched()));
        }
    }

    private void makeRoom() {
        while (devices.size() > most) {
            Map.Entry<String, Map<String, Held>> fullest = Collections.max(
                    bySource.entrySet(),
                    Comparator.comparingInt(of -> of.getValue().size()));
            Iterator<String> oldest = fullest.getValue().keySet().iterator();
            devices.remove(oldest.next());
            oldest.remove();
            crowdedOut
                    .computeIfAbsent(fullest.getKey(), source -> new LongAdder())
                    .increment();
        }
    }

    /** Nothing is known of a device any more. For the thread that tells. */
    public void forget(String device) {
        Held held = devices.remove(device);
        if (held != null) {
            room(held.payer).remove(device);
        }
    }

    /** Asks what is known of a device; the question must not keep what it is given. Empty where nothing is. */
    public <T> Optional<T> of(String device, Function<DeviceContext, T> question) {
        Held held = devices.get(device);
        if (held == null) {
            return Optional.empty();
        }
        synchronized (held) {
            return Optional.of(question.apply(held.context));
        }
    }

    /** What was known of a flow's device and app at a time. */
    public Map<FactKind, Known> known(AppTag tag, long atMillis) {
        Held held = devices.get(tag.device());
        if (held == null) {
            return ABSENT;
        }
        Map<FactKind, Known> known = new EnumMap<>(FactKind.class);
        synchronized (held) {
            for (FactKind kind : KINDS) {
                known.put(
                        kind,
                        holds(held.context, kind, tag, atMillis)
                                ? Known.FRESH
                                : held.declared.contains(kind) ? Known.STALE : Known.ABSENT);
            }
        }
        return known;
    }

    /** Whether anything is known of a flow's device or app now. Waits for nothing. */
    public boolean knowsAnything(AppTag tag, long atMillis) {
        Held held = devices.get(tag.device());
        if (held == null) {
            return false;
        }
        synchronized (held) {
            return KINDS.stream().anyMatch(kind -> holds(held.context, kind, tag, atMillis));
        }
    }

    private static final Set<FactKind> KINDS = Collections.unmodifiableSet(EnumSet.allOf(FactKind.class));
    private static final Map<FactKind, Known> ABSENT = KINDS.stream()
            .collect(Collectors.collectingAndThen(
                    Collectors.toMap(
                            Function.identity(),
                            kind -> Known.ABSENT,
                            (one, other) -> one,
                            () -> new EnumMap<>(FactKind.class)),
                    Collections::unmodifiableMap));

    private static boolean holds(DeviceContext context, FactKind kind, AppTag tag, long atMillis) {
        return switch (kind) {
            case LOCK -> context.locked(atMillis).known();
            case APP_STATE -> context.background(tag, atMillis).known();
            case INVENTORY -> context.managed(tag, atMillis).known();
            case POSTURE -> context.health(atMillis).isPresent();
            case INTERACTION, BACKGROUND_START, PROTECTED_RESOURCE, CRYPTO, STAGING, FLOW_OWNER ->
                context.sees(kind, atMillis);
        };
    }

    public int size() {
        return devices.size();
    }

    /** Devices that were forgotten for want of room. */
    public long evicted() {
        return crowdedOut.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Those of them that took this source's room. */
    public long crowdedOut(String source) {
        LongAdder count = crowdedOut.get(source);
        return count == null ? 0 : count.sum();
    }
}
