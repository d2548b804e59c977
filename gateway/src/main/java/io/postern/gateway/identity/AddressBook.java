package io.postern.gateway.identity;

import io.postern.analytics.flow.AppTag;
import io.postern.wire.ip.Prefix;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whose an inner address of a tunnel is, by all who say so: the longest prefix of any of them, and of two that name the
 * same prefix the one that comes first in {@link AddressSource}. Any thread may ask.
 */
public final class AddressBook {

    /** Ours: who has more keeps them in the file. */
    public static final int MOST_BY_API = 10_000;

    private static final Comparator<Entry> ORDER =
            Comparator.<Entry, Prefix>comparing(entry -> entry.owner().prefix()).thenComparing(Entry::source);

    private final AssignedAddresses api = new AssignedAddresses(MOST_BY_API);
    private final AssignedAddresses radius;
    private volatile InnerAddresses file;

    /** Where an entry stands among all. */
    public record Place(Prefix prefix, AddressSource source) {}

    /** What one of them says. */
    public record Entry(AddressOwner owner, AddressSource source) {}

    public AddressBook(InnerAddresses file) {
        this(file, 0);
    }

    /** @param radius prefixes that RADIUS clients may assign at one time */
    public AddressBook(InnerAddresses file, int radius) {
        this.file = file;
        this.radius = new AssignedAddresses(radius);
    }

    Optional<AppTag> find(InetAddress address) {
        Optional<AddressOwner> best = api.find(address);
        best = longer(best, radius.find(address));
        return longer(best, file.find(address)).map(AddressOwner::tag);
    }

    private static Optional<AddressOwner> longer(Optional<AddressOwner> first, Optional<AddressOwner> second) {
        return first.isEmpty()
                        || (second.isPresent()
                                && second.get().prefix().length()
                                        > first.get().prefix().length())
                ? second
                : first;
    }

    public void adopt(InnerAddresses table) {
        file = table;
    }

    public AssignedAddresses api() {
        return api;
    }

    public AssignedAddresses radius() {
        return radius;
    }

    public long size(AddressSource source) {
        return switch (source) {
            case API -> api.size();
            case RADIUS -> radius.size();
            case FILE -> file.size();
        };
    }

    /**
     * In order of their prefixes. Looks at all there are where few are wanted, so not for an event loop.
     *
     * @param after where to go on; absent: from the first
     * @param most how many
     */
    public List<Entry> list(Predicate<AppTag> wanted, Optional<Place> after, int most) {
        List<Entry> found = new ArrayList<>();
        for (AddressSource source : AddressSource.values()) {
            after.filter(place -> source.compareTo(place.source()) > 0)
                    .flatMap(place -> at(source, place.prefix()))
                    .filter(owner -> wanted.test(owner.tag()))
                    .ifPresent(owner -> found.add(new Entry(owner, source)));
            List<Entry> some = new ArrayList<>();
            walk(source, after.map(Place::prefix), owner -> {
                if (wanted.test(owner.tag())) {
                    some.add(new Entry(owner, source));
                }
                return some.size() < most;
            });
            found.addAll(some);
        }
        found.sort(ORDER);
        return List.copyOf(found.subList(0, Math.min(most, found.size())));
    }

    private Optional<AddressOwner> at(AddressSource source, Prefix prefix) {
        return switch (source) {
            case API -> api.at(prefix);
            case RADIUS -> radius.at(prefix);
            case FILE -> file.at(prefix);
        };
    }

    private void walk(AddressSource source, Optional<Prefix> after, Predicate<AddressOwner> more) {
        switch (source) {
            case API -> api.walk(after, more);
            case RADIUS -> radius.walk(after, more);
            case FILE -> file.walk(after, more);
        }
    }
}
