package io.postern.dns.names;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a list says of a name that is on it: what whoever asks for it is told, where a rule that asks for the list blocks it.
 *
 * @param addresses of {@link Told#ADDRESSES} only
 */
public record Listed(Told told, List<InetAddress> addresses) {

    /** What is told instead. */
    public enum Told {
        /** Whatever the settings say: the list says no more than that it is on it. */
        AS_SET,
        /** That it does not exist. */
        NXDOMAIN,
        /** That it has nothing of that kind. */
        NODATA,
        /** Nothing at all. */
        DROP,
        /** Addresses of somebody else. */
        ADDRESSES,
        /** The truth: it is an exception within the list, as if it were not on it. */
        PASSTHRU
    }

    public static final Listed AS_SET = new Listed(Told.AS_SET, List.of());

    public Listed {
        addresses = List.copyOf(addresses);
    }

    /** One that has no addresses. */
    public static Listed of(Told told) {
        return told == Told.AS_SET ? AS_SET : new Listed(told, List.of());
    }

    /** Whether it is on the list, and no exception within it. */
    public boolean counts() {
        return told != Told.PASSTHRU;
    }

    /** Of two that say something of one name: an exception, then the one that says most; addresses of both. */
    public Listed and(Listed other) {
        if (told == Told.ADDRESSES && other.told == Told.ADDRESSES) {
            return new Listed(
                    told,
                    Stream.concat(addresses.stream(), other.addresses.stream())
                            .distinct()
                            .toList());
        }
        return other.told.compareTo(told) > 0 ? other : this;
    }
}
