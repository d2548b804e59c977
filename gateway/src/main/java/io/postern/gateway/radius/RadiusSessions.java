package io.postern.gateway.radius;

import io.postern.analytics.flow.AppTag;
import io.postern.gateway.identity.AddressOwner;
import io.postern.gateway.identity.AssignedAddresses;
import io.postern.wire.ip.Prefix;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of VPN servers, and the addresses they hold.
 *
 * <pre>
 * unknown → live → ended → unknown       by start or interim, stop or restart or time, time
 * </pre>
 *
 * An address is its last holder's. What a session says is believed only if it is later than all it said before; an ended
 * one is remembered for as long as a live one may be silent, so that nobody revives it. A request without a time may be a
 * recorded one: it takes nothing from another live session and ends no more than its own. For one thread, but for {@link
 * #takeChanged} and {@link #size}.
 */
final class RadiusSessions {

    private final AssignedAddresses addresses;
    private final int mostOfClient;
    private final long timeoutMillis;
    /** Those heard of longest ago first. */
    private final Map<Key, Session> live = new LinkedHashMap<>();

    /** Of each client, so that none can have another's forgotten; those that ended longest ago first. */
    private final Map<RadiusClient, Map<Key, Ended>> ended = new HashMap<>();

    private final Map<Prefix, Session> holders = new HashMap<>();
    private Consumer<KeptSession> keeper = kept -> {};
    private final AtomicBoolean changed = new AtomicBoolean();
    private volatile int size;

    /** Names one, RFC 2866 section 5.5: an id is its server's. */
    private record Key(RadiusClient client, String nas, String session) {}

    private record Ended(long eventMillis, long heardMillis) {}

    private static final class Session {
        private final Key key;
        private AppTag tag;
        private long eventMillis;
        private long heardMillis;
        private List<Prefix> prefixes = List.of();

        Session(Key key, AppTag tag) {
            this.key = key;
            this.tag = tag;
        }
    }

    /**
     * @param mostOfClient live sessions of each; as many ended ones are remembered
     * @param timeoutMillis how long a session may be silent
     */
    RadiusSessions(AssignedAddresses addresses, int mostOfClient, long timeoutMillis) {
        this.addresses = addresses;
        this.mostOfClient = mostOfClient;
        this.timeoutMillis = timeoutMillis;
    }

    /** @param keeper told what was said last of a session, with each thing said */
    void keep(Consumer<KeptSession> keeper) {
        this.keeper = keeper;
    }

    /** What was said last of all, so that telling it in this order makes the same of it. */
    Stream<KeptSession> all() {
        return Stream.concat(
                ended.values().stream().flatMap(its -> its.entrySet().stream()).map(RadiusSessions::kept),
                live.entrySet().stream().map(entry -> kept(entry.getKey(), entry.getValue())));
    }

    private static KeptSession kept(Map.Entry<Key, Ended> over) {
        Key key = over.getKey();
        return new KeptSession(
                key.client.name(),
                key.nas,
                key.session,
                over.getValue().eventMillis,
                over.getValue().heardMillis,
                Optional.empty(),
                List.of());
    }

    private KeptSession kept(Key key, Session session) {
        return new KeptSession(
                key.client.name(),
                key.nas,
                key.session,
                session.eventMillis,
                session.heardMillis,
                Optional.of(session.tag.device()),
                session.prefixes.stream()
                        .filter(prefix -> holders.get(prefix) == session)
                        .toList());
    }

    /**
     * As it was kept, unless its time is over or there is no room for it any more.
     *
     * @param tag whose the session is; empty when it has ended
     */
    void restore(RadiusClient client, KeptSession kept, Optional<AppTag> tag, long nowMillis) {
        Key key = new Key(client, kept.nas(), kept.session());
        // Nobody was heard later than now, whatever the clock said then.
        long heard = Math.min(kept.heardMillis(), nowMillis);
        forget(key);
        ended(client).remove(key);
        if (heard <= nowMillis - timeoutMillis) {
            return;
        }
        if (tag.isEmpty()) {
            remember(key, new Ended(kept.eventMillis(), heard));
        } else if (client.sessions() < mostOfClient
                && kept.prefixes().stream().allMatch(client::speaksFor)
                && addresses.takes(kept.prefixes())) {
            Session session = add(key, tag.get());
            session.eventMillis = kept.eventMillis();
            session.heardMillis = heard;
            hold(session, kept.prefixes(), tag.get());
        }
    }

    /** Whose a live session is, for an Interim-Update that does not say it again. */
    Optional<AppTag> tag(RadiusClient client, Accounting said) {
        return Optional.ofNullable(live.get(new Key(client, said.nas(), said.session())))
                .filter(session -> said.kind() == Accounting.Kind.INTERIM)
                .map(session -> session.tag);
    }

    /** @param tag whose the session is */
    RadiusResult begin(RadiusClient client, Accounting said, AppTag tag, long nowMillis) {
        Key key = new Key(client, said.nas(), said.session());
        Session session = live.get(key);
        if (older(key, session, said)) {
            return RadiusResult.OLD;
        }
        if (session == null && client.sessions() >= mostOfClient) {
            return RadiusResult.FULL;
        }
        if (!said.prefixes().stream().allMatch(client::speaksFor)) {
            return RadiusResult.FOREIGN_ADDRESS;
        }
        if (!said.stamped() && said.prefixes().stream().anyMatch(prefix -> anothers(prefix, session))) {
            return RadiusResult.STALE;
        }
        if (!addresses.takes(said.prefixes())) {
            return RadiusResult.FULL;
        }
        Session known = session == null ? add(key, tag) : session;
        known.tag = tag;
        known.eventMillis = said.eventMillis();
        known.heardMillis = nowMillis;
        hold(known, said.prefixes().isEmpty() ? known.prefixes : said.prefixes(), tag);
        // Behind all that were heard of before.
        live.remove(key);
        live.put(key, known);
        keeper.accept(kept(key, known));
        return session == null ? RadiusResult.STARTED : RadiusResult.UPDATED;
    }

    /** An ended session can be another of the same id only where the server says when. */
    private boolean older(Key key, @Nullable Session session, Accounting said) {
        Ended before = ended(key.client).get(key);
        if (before != null && (!said.stamped() || said.eventMillis() <= before.eventMillis)) {
            return true;
        }
        return session != null && said.eventMillis() < session.eventMillis;
    }

    /** Whether another live session holds it, or a prefix around it that would count no more. */
    private boolean anothers(Prefix prefix, @Nullable Session session) {
        return IntStream.rangeClosed(0, prefix.length())
                .mapToObj(length -> holders.get(Prefix.around(prefix.address(), length)))
                .anyMatch(holder -> holder != null && holder != session);
    }

    private Map<Key, Ended> ended(RadiusClient client) {
        return ended.computeIfAbsent(client, its -> new LinkedHashMap<>());
    }

    private Session add(Key key, AppTag tag) {
        Session session = new Session(key, tag);
        live.put(key, session);
        ended(key.client).remove(key);
        key.client.sessions(1);
        size = live.size();
        return session;
    }

    private void hold(Session session, List<Prefix> prefixes, AppTag tag) {
        session.prefixes.stream()
                .filter(prefix -> !prefixes.contains(prefix))
                .forEach(prefix -> release(session, prefix));
        session.prefixes = prefixes;
        for (Prefix prefix : prefixes) {
            Session holder = holders.get(prefix);
            if (holder == null || holder == session || holder.eventMillis <= session.eventMillis) {
                boolean same = addresses
                        .at(prefix)
                        .filter(owner -> owner.tag().equals(tag))
                        .isPresent();
                if (!same) {
                    if (!addresses.put(new AddressOwner(prefix, tag))) {
                        throw new IllegalStateException("no room for " + prefix + ", and there was");
                    }
                    changed.set(true);
                }
                holders.put(prefix, session);
                if (holder != null && holder != session) {
                    // What is kept of it must not give it the address back when the gateway begins anew.
                    keeper.accept(kept(holder.key, holder));
                }
            }
        }
    }

    private void release(Session session, Prefix prefix) {
        if (holders.remove(prefix, session)) {
            addresses.remove(prefix);
            changed.set(true);
        }
    }

    RadiusResult end(RadiusClient client, Accounting said, long nowMillis) {
        Key key = new Key(client, said.nas(), said.session());
        if (older(key, live.get(key), said)) {
            return RadiusResult.OLD;
        }
        end(key, said.eventMillis(), nowMillis);
        return RadiusResult.STOPPED;
    }

    /** All sessions of a server that began before it did, which nobody knows where it does not say when. */
    RadiusResult restart(RadiusClient client, Accounting said, long nowMillis) {
        if (!said.stamped()) {
            return RadiusResult.STALE;
        }
        List<Key> over = live.entrySet().stream()
                .filter(entry -> entry.getKey().client == client
                        && entry.getKey().nas.equals(said.nas())
                        && entry.getValue().eventMillis <= said.eventMillis())
                .map(Map.Entry::getKey)
                .toList();
        over.forEach(key -> end(key, said.eventMillis(), nowMillis));
        return RadiusResult.RESTARTED;
    }

    private void end(Key key, long eventMillis, long nowMillis) {
        if (live.containsKey(key) || ended(key.client).containsKey(key)) {
            Ended over = new Ended(eventMillis, nowMillis);
            remember(key, over);
            keeper.accept(kept(Map.entry(key, over)));
        }
        forget(key);
    }

    private void remember(Key key, Ended end) {
        Map<Key, Ended> over = ended(key.client);
        over.remove(key);
        over.put(key, end);
        if (over.size() > mostOfClient) {
            Iterator<Key> eldest = over.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    private void forget(Key key) {
        Session session = live.remove(key);
        if (session != null) {
            session.prefixes.forEach(prefix -> release(session, prefix));
            key.client.sessions(-1);
            size = live.size();
        }
    }

    /** Ends those that were silent too long; how many. */
    int expire(long nowMillis) {
        long before = nowMillis - timeoutMillis;
        ended.values().forEach(its -> its.values().removeIf(over -> over.heardMillis <= before));
        List<Key> silent = live.entrySet().stream()
                .takeWhile(entry -> entry.getValue().heardMillis <= before)
                .map(Map.Entry::getKey)
                .toList();
        silent.forEach(this::forget);
        return silent.size();
    }

    /** Whether an address has another owner than when this was last asked. */
    boolean takeChanged() {
        return changed.getAndSet(false);
    }

    int size() {
        return size;
    }
}
