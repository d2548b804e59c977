package io.postern.gateway.rules;

import io.postern.dns.names.DomainPattern;
import io.postern.dns.names.DomainTable;
import io.postern.wire.ip.Prefix;
import io.postern.wire.ip.PrefixTable;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Destinations as policy writes them: domain patterns, addresses and prefixes in one list. */
final class DestinationSet {

    private static final DestinationSet NONE = new DestinationSet(List.of());

    private final DomainTable<Boolean> names;
    private final PrefixTable<Boolean> addresses;
    private final boolean empty;

    /** @param destinations each a pattern or a prefix; the policy reader has refused anything else */
    static DestinationSet of(List<String> destinations) {
        return destinations.isEmpty() ? NONE : new DestinationSet(destinations);
    }

    private DestinationSet(List<String> destinations) {
        DomainTable.Builder<Boolean> patterns = DomainTable.builder((a, b) -> a);
        Map<Prefix, Boolean> prefixes = new HashMap<>();
        for (String destination : destinations) {
            Optional<DomainPattern> pattern = DomainPattern.parse(destination);
            if (pattern.isPresent()) {
                patterns.add(pattern.get(), true);
            } else {
                prefixes.put(Prefix.parse(destination), true);
            }
        }
        names = patterns.build();
        addresses = PrefixTable.of(prefixes);
        empty = destinations.isEmpty();
    }

    boolean isEmpty() {
        return empty;
    }

    boolean hasAddresses() {
        return !addresses.isEmpty();
    }

    boolean containsName(Optional<String> name) {
        return name.isPresent() && names.find(name.get()) != null;
    }

    boolean containsAddress(Optional<InetAddress> address) {
        return address.isPresent() && addresses.find(address.get()).isPresent();
    }
}
