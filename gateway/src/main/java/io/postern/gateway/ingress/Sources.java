package io.postern.gateway.ingress;

import io.postern.wire.ip.Prefix;
import io.postern.wire.ip.PrefixTable;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The addresses whose word is taken for somebody else's. Immutable; any thread may ask. */
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

    boolean hold(InetAddress address) {
        return prefixes.find(address).isPresent();
    }
}
