package io.postern.gateway.http;

/**
 * Room for bodies.
 *
 * @param known of those who have shown who they are, by their name
 * @param unknown of those whose body has yet to show it, by their address
 */
public record Bodies(Room known, Room unknown) {

    /** As many as there are connections. */
    static Bodies unbounded() {
        return new Bodies(new Room(Long.MAX_VALUE, Long.MAX_VALUE), new Room(Long.MAX_VALUE, Long.MAX_VALUE));
    }
}
