package io.postern.config.policy;

import io.postern.config.document.Problem;
import io.postern.dns.names.DomainTable;
import io.postern.dns.names.Listed;
import io.postern.wire.ip.PrefixTable;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names and addresses that others collect, such as a feed of threats. Two lists are the same when they were read from
 * the same bytes in the same way.
 *
 * <p>A million names take some 54 MB: {@code bench/names} tells.
 */
public final class NameList {

    private final String version;
    private final DomainTable<Listed> names;
    private final PrefixTable<Boolean> addresses;
    private final int entries;
    private final List<Problem> skipped;

    NameList(
            String version,
            DomainTable<Listed> names,
            PrefixTable<Boolean> addresses,
            int entries,
            List<Problem> skipped) {
        this.version = version;
        this.names = names;
        this.addresses = addresses;
        this.entries = entries;
        this.skipped = List.copyOf(skipped);
    }

    public boolean has(CharSequence name) {
        return find(name).isPresent();
    }

    /** What it says of a name, unless that is not on it. */
    public Optional<Listed> find(CharSequence name) {
        @Nullable Listed listed = names.find(name);
        return listed != null && listed.counts() ? Optional.of(listed) : Optional.empty();
    }

    public boolean has(InetAddress address) {
        return addresses.find(address).orElse(false);
    }

    /** Whether an address may be on it, and not only names. */
    public boolean hasAddresses() {
        return !addresses.isEmpty();
    }

    /** Names and prefixes that were read. */
    public int entries() {
        return entries;
    }

    /** Lines that were no entry: some with their place, then how many. */
    List<Problem> skipped() {
        return skipped;
    }

    String version() {
        return version;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NameList list && list.version.equals(version);
    }

    @Override
    public int hashCode() {
        return version.hashCode();
    }
}
