package io.postern.gateway.quarantine;

import io.postern.analytics.flow.AppTag;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Those that stand, for every flow to be looked up in. One thread changes it at a time, any number look. */
final class Standing {

    private final Map<Scope, Quarantine> entries = new ConcurrentHashMap<>();
    /** How many of a device; a device that is not here, as most, costs one look. */
    private final Map<String, Integer> devices = new ConcurrentHashMap<>();

    private final Map<Scope.Kind, AtomicInteger> kinds = new EnumMap<>(Scope.Kind.class);

    Standing() {
        for (Scope.Kind kind : Scope.Kind.values()) {
            kinds.put(kind, new AtomicInteger());
        }
    }

    void put(Quarantine one) {
        if (entries.put(one.scope(), one) == null) {
            devices.merge(one.scope().device(), 1, Integer::sum);
            kind(one.scope().kind()).incrementAndGet();
        }
    }

    void remove(Quarantine one) {
        if (entries.remove(one.scope()) != null) {
            devices.computeIfPresent(one.scope().device(), (device, count) -> count == 1 ? null : count - 1);
            kind(one.scope().kind()).decrementAndGet();
        }
    }

    int size() {
        return entries.size();
    }

    int count(Scope.Kind kind) {
        return kind(kind).get();
    }

    private AtomicInteger kind(Scope.Kind kind) {
        return Objects.requireNonNull(kinds.get(kind));
    }

    List<Quarantine> all() {
        return List.copyOf(entries.values());
    }

    Optional<Quarantine> at(Scope scope) {
        return Optional.ofNullable(entries.get(scope));
    }

    /** The widest that holds for it; of several packages of one UID any may be meant. */
    Optional<Quarantine> of(AppTag tag, LongSupplier clockMillis) {
        if (!devices.containsKey(tag.device())) {
            return Optional.empty();
        }
        long nowMillis = clockMillis.getAsLong();
        Optional<String> none = Optional.empty();
        Optional<String> profile = Optional.of(tag.profile());
        Quarantine found = standing(nowMillis, tag.device(), none, none);
        if (found == null) {
            found = standing(nowMillis, tag.device(), profile, none);
        }
        for (String app : tag.shared() ? tag.apps() : List.of(tag.app())) {
            if (found == null) {
                found = standing(nowMillis, tag.device(), none, Optional.of(app));
            }
            if (found == null) {
                found = standing(nowMillis, tag.device(), profile, Optional.of(app));
            }
        }
        return Optional.ofNullable(found);
    }

    private @Nullable Quarantine standing(
            long nowMillis, String device, Optional<String> profile, Optional<String> app) {
        Quarantine found = entries.get(new Scope(device, profile, app));
        return found != null && found.stands(nowMillis) ? found : null;
    }
}
