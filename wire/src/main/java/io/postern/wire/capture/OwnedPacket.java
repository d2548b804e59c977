package io.postern.wire.capture;

import java.net.InetAddress;

/**
 * A packet and which app had it, as PCAPdroid writes it.
 *
 * @param uid of the app; negative where PCAPdroid does not know it
 * @param label the app's name as its user sees it, at most 20 bytes of it, one char per byte; not its package
 * @param udp rather than TCP
 * @param opening whether it begins a connection: a SYN alone; false for UDP, which does not tell
 */
public record OwnedPacket(
        int uid,
        String label,
        boolean udp,
        InetAddress source,
        int sourcePort,
        InetAddress destination,
        int destinationPort,
        boolean opening) {}
