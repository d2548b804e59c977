package io.postern.gateway.context;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Heartbeat;
import io.postern.analytics.context.ContextLimits;
import io.postern.analytics.context.DeviceContext;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.flow.AppTag;
import io.postern.config.ContextSettings;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
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
 * What is known of every device, by what sources told. When there are too many devices the one goes that was silent longest.
 * One thread tells; any may ask, and waits no longer than another question or one event of the same device takes.
 */
public final class DeviceContexts {

    private final ContextLimits limits;
    private final int most;
    private final Map<String, Set<FactKind>> declared;
    private final Map<String, Held> devices = new ConcurrentHashMap<>();

    /** The same, silent longest first; for the thread that tells. */
    private final Map<String, Held> bySilence = new LinkedHashMap<>(16, 0.75f, true);

    private final LongAdder evicted = new LongAdder();

    public DeviceContexts(ContextSettings settings) {
        ContextLimits shipped = ContextLimits.DEFAULTS;
        limits = new ContextLimits(
                shipped.apps(),
                shipped.sources(),
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

        Held(ContextLimits limits) {
            context = new DeviceContext(limits);
        }
    }

    /** For one thread. */
    public void tell(ContextEvent event) {
        Held held = bySilence.get(event.device());
        if (held == null) {
            held = new Held(limits);
            bySilence.put(event.device(), held);
            devices.put(event.device(), held);
            makeRoom();
        }
        synchronized (held) {
            declare(held, event);
            held.context.tell(event);
        }
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
        Iterator<String> oldest = bySilence.keySet().iterator();
        while (bySilence.size() > most) {
            devices.remove(oldest.next());
            oldest.remove();
            evicted.increment();
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
        return evicted.sum();
    }
}
