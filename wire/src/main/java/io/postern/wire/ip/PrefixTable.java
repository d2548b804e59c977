package io.postern.wire.ip;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which value belongs to an address? That of the longest prefix around it.
 *
 * <p>One path-compressed binary trie per family; immutable, so any thread may ask. A lookup visits at most one node
 * per distinct prefix length on its path and allocates nothing that outlives it.
 *
 * <pre>
 * node: first {@code length} bits | value, if they are a prefix of the table | next bit 0 | next bit 1
 * </pre>
 */
public final class PrefixTable<V> {

    private final @Nullable Node<V> ipv4;
    private final @Nullable Node<V> ipv6;

    private PrefixTable(@Nullable Node<V> ipv4, @Nullable Node<V> ipv6) {
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    public static <V> PrefixTable<V> of(Map<Prefix, V> values) {
        List<Entry<V>> ipv4 = new ArrayList<>();
        List<Entry<V>> ipv6 = new ArrayList<>();
        values.forEach((prefix, value) -> {
            Entry<V> entry = new Entry<>(prefix.bits(), prefix.length(), value);
            (entry.bits.ipv4() ? ipv4 : ipv6).add(entry);
        });
        return new PrefixTable<>(trie(ipv4), trie(ipv6));
    }

    public boolean isEmpty() {
        return ipv4 == null && ipv6 == null;
    }

    public Optional<V> find(InetAddress address) {
        return Optional.ofNullable(find(Bits.of(address.getAddress())));
    }

    /**
     * The same for an address as it is on the wire.
     *
     * @throws IllegalArgumentException if there are other than 4 or 16 bytes
     */
    public Optional<V> find(byte[] address) {
        return Optional.ofNullable(find(Bits.of(address)));
    }

    /** The longest prefix around it, whose value {@link #find} finds. */
    public Optional<Prefix> around(InetAddress address) {
        Bits bits = Bits.of(address.getAddress());
        int length = -1;
        for (Node<V> node = root(bits); node != null && node.surrounds(bits); node = node.next(bits)) {
            length = node.value == null ? length : node.length;
        }
        return length < 0 ? Optional.empty() : Optional.of(Prefix.around(address, length));
    }

    /** The value of this prefix and no other. */
    public Optional<V> at(Prefix prefix) {
        Bits bits = prefix.bits();
        Node<V> node = root(bits);
        while (node != null && node.length < prefix.length() && node.surrounds(bits)) {
            node = node.next(bits);
        }
        return node != null && node.length == prefix.length() && node.bits.equals(bits)
                ? Optional.ofNullable(node.value)
                : Optional.empty();
    }

    /** Hands over the value of every prefix around the address, the shortest first. */
    public void forEach(InetAddress address, Consumer<? super V> action) {
        Bits bits = Bits.of(address.getAddress());
        for (Node<V> node = root(bits); node != null && node.surrounds(bits); node = node.next(bits)) {
            if (node.value != null) {
                action.accept(node.value);
            }
        }
    }

    /**
     * Hands over the values of all prefixes behind {@code after}, in order, until one is not wanted any more.
     *
     * @param after absent: from the first on
     */
    public void walk(Optional<Prefix> after, Predicate<? super V> more) {
        Bits bits = after.map(Prefix::bits).orElse(Bits.ofQuad(0));
        int length = after.map(Prefix::length).orElse(-1);
        if (!bits.ipv4() || walk(ipv4, bits, length, more)) {
            walk(ipv6, bits.ipv4() ? new Bits(false, 0, 0) : bits, bits.ipv4() ? -1 : length, more);
        }
    }

    private static <V> boolean walk(@Nullable Node<V> node, Bits bits, int length, Predicate<? super V> more) {
        if (node == null) {
            return true;
        }
        boolean before = compare(node.bits, bits) < 0;
        if (before && !node.bits.begins(bits, node.length)) {
            // It and everything inside it come before.
            return true;
        }
        boolean behind = !before && (node.length > length || !node.bits.equals(bits));
        if (behind && node.value != null && !more.test(node.value)) {
            return false;
        }
        return walk(node.zero, bits, length, more) && walk(node.one, bits, length, more);
    }

    @Nullable
    V find(Bits address) {
        V found = null;
        for (Node<V> node = root(address); node != null && node.surrounds(address); node = node.next(address)) {
            if (node.value != null) {
                found = node.value;
            }
        }
        return found;
    }

    private @Nullable Node<V> root(Bits address) {
        return address.ipv4() ? ipv4 : ipv6;
    }

    private static <V> @Nullable Node<V> trie(List<Entry<V>> entries) {
        entries.sort(Comparator.<Entry<V>, Bits>comparing(Entry::bits, PrefixTable::compare)
                .thenComparingInt(Entry::length));
        return node(entries);
    }

    /** The entries are in order, so a shorter prefix comes before those inside it and each branch is one run. */
    private static <V> @Nullable Node<V> node(List<Entry<V>> entries) {
        if (entries.isEmpty()) {
            return null;
        }
        Entry<V> first = entries.get(0);
        Entry<V> last = entries.get(entries.size() - 1);
        int length = Math.min(first.length, first.bits.common(last.bits));
        boolean own = first.length == length;
        List<Entry<V>> inside = own ? entries.subList(1, entries.size()) : entries;
        int split = 0;
        while (split < inside.size() && !inside.get(split).bits.bit(length)) {
            split++;
        }
        return new Node<>(
                first.bits.first(length),
                length,
                own ? first.value : null,
                node(inside.subList(0, split)),
                node(inside.subList(split, inside.size())));
    }

    private static int compare(Bits one, Bits other) {
        int high = Long.compareUnsigned(one.high(), other.high());
        return high != 0 ? high : Long.compareUnsigned(one.low(), other.low());
    }

    private record Entry<V>(Bits bits, int length, V value) {}

    private record Node<V>(
            Bits bits,
            int length,
            @Nullable V value,
            @Nullable Node<V> zero,
            @Nullable Node<V> one) {

        boolean surrounds(Bits address) {
            return bits.begins(address, length);
        }

        @Nullable
        Node<V> next(Bits address) {
            if (length == (address.ipv4() ? 32 : 128)) {
                return null;
            }
            return address.bit(length) ? one : zero;
        }
    }
}
