package io.postern.gateway.identity;

import io.postern.wire.ip.Prefix;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Owners of addresses that come and go one by one while the gateway runs. Any thread may ask; a question looks once for
 * each length of prefix that is in use, 33 and 129 at most.
 */
public final class AssignedAddresses {

    private final int most;
    private final ConcurrentNavigableMap<Prefix, AddressOwner> owners = new ConcurrentSkipListMap<>();
    private final AtomicIntegerArray ipv4 = new AtomicIntegerArray(33);
    private final AtomicIntegerArray ipv6 = new AtomicIntegerArray(129);
    private int size;

    /** @param most prefixes held */
    public AssignedAddresses(int most) {
        this.most = most;
    }

    Optional<AddressOwner> find(InetAddress address) {
        if (owners.isEmpty()) {
            return Optional.empty();
        }
        boolean four = Prefix.around(address, 0).address().getAddress().length == 4;
        AtomicIntegerArray lengths = four ? ipv4 : ipv6;
        for (int length = lengths.length() - 1; length >= 0; length--) {
            if (lengths.get(length) > 0) {
                AddressOwner owner = owners.get(Prefix.around(address, length));
                if (owner != null) {
                    return Optional.of(owner);
                }
            }
        }
        return Optional.empty();
    }

    public Optional<AddressOwner> at(Prefix prefix) {
        return Optional.ofNullable(owners.get(prefix));
    }

    /** Whether there is room for it: it is there already, or there are fewer than there may be. */
    public synchronized boolean takes(Prefix prefix) {
        return size < most || owners.containsKey(prefix);
    }

    /** Whether there is room for all of them together; none is there twice. */
    public synchronized boolean takes(List<Prefix> prefixes) {
        long more =
                prefixes.stream().filter(prefix -> !owners.containsKey(prefix)).count();
        return size + more <= most;
    }

    /** @return false when there is no room, and nothing has changed */
    public synchronized boolean put(AddressOwner owner) {
        if (!takes(owner.prefix())) {
            return false;
        }
        // Looked for before it is there rather than not looked for when it is.
        lengths(owner.prefix()).incrementAndGet(owner.prefix().length());
        size++;
        if (owners.put(owner.prefix(), owner) != null) {
            lengths(owner.prefix()).decrementAndGet(owner.prefix().length());
            size--;
        }
        return true;
    }

    public synchronized Optional<AddressOwner> remove(Prefix prefix) {
        @Nullable AddressOwner owner = owners.remove(prefix);
        if (owner != null) {
            lengths(prefix).decrementAndGet(prefix.length());
            size--;
        }
        return Optional.ofNullable(owner);
    }

    /** Lets go of those whose time is over; whether there were any. */
    public synchronized boolean expire(long nowMillis) {
        List<Prefix> over = owners.values().stream()
                .filter(owner -> owner.untilMillis() <= nowMillis)
                .map(AddressOwner::prefix)
                .toList();
        over.forEach(this::remove);
        return !over.isEmpty();
    }

    /** As {@link io.postern.wire.ip.PrefixTable#walk}. */
    void walk(Optional<Prefix> after, Predicate<AddressOwner> more) {
        ConcurrentNavigableMap<Prefix, AddressOwner> rest =
                after.map(prefix -> owners.tailMap(prefix, false)).orElse(owners);
        for (AddressOwner owner : rest.values()) {
            if (!more.test(owner)) {
                return;
            }
        }
    }

    public List<AddressOwner> all() {
        return new ArrayList<>(owners.values());
    }

    public synchronized int size() {
        return size;
    }

    private AtomicIntegerArray lengths(Prefix prefix) {
        return prefix.address().getAddress().length == 4 ? ipv4 : ipv6;
    }
}
