package io.postern.gateway.ingress;

import io.postern.wire.ip.Prefix;
import io.postern.wire.ip.PrefixTable;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Addresses that may do what others may not: whose word is taken for somebody else's, or who may ask. Immutable; any thread may ask. */
public final class Sources {

    /** Nobody. */
    public static final Sources NONE = new Sources(List.of());

    private final PrefixTable<Boolean> prefixes;

    /** @throws IllegalArgumentException when one of them is no prefix */
    public Sources(List<String> prefixes) {
        Map<Prefix, Boolean> table = new HashMap<>();
        prefixes.forEach(prefix -> table.put(Prefix.parse(prefix), true));
        this.prefixes = PrefixTable.of(table);
    }

    /** Whether the address is one of them. */
    public boolean hold(InetAddress address) {
        return prefixes.find(address).isPresent();
    }
}
