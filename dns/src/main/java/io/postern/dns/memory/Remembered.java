package io.postern.dns.memory;

import java.util.List;
import java.util.Optional;

/**
 * What is known of an address that a device goes to.
 *
 * @param names that it asked for here and was answered with the address, the latest first; at most {@value #MOST_NAMES}
 * @param name the one that the address goes by; empty where the names are not of one owner, for then nobody knows which is meant
 * @param seen whether the device is known to ask here for what it goes to, see {@link AnswerLog}
 */
public record Remembered(List<String> names, Optional<String> name, boolean seen) {

    public static final int MOST_NAMES = 8;

    /** Nothing. */
    public static final Remembered NOTHING = new Remembered(List.of(), Optional.empty(), false);

    public Remembered {
        names = List.copyOf(names);
    }

    /** Whether the device was told here that the address is one of that name's. */
    public boolean leads(String asked) {
        return names.contains(asked);
    }

    /** Whether it is known that no name that it asked for here led it to the address. */
    public boolean never() {
        return seen && names.isEmpty();
    }

    /** Whether it is known that this name, asked for here, did not lead it to the address. */
    public boolean never(String asked) {
        return seen && !leads(asked);
    }
}
