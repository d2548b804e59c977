package io.postern.wire.packet;

import io.postern.wire.capture.Owner;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A TCP segment or a UDP datagram, where it lies. Written over by the next: whoever keeps something of it, copies.
 *
 * <p>An address is two longs, the 16 bytes of IPv6 in network order; IPv4 is the address that IPv6 maps it to,
 * {@code ::ffff:a.b.c.d} (RFC 4291 section 2.5.5.2), so that two longs tell any two addresses apart.
 */
public final class Packet {

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;

    private static final long MAPPED = 0xFFFF_0000_0000L;

    ByteBuffer bytes = ByteBuffer.allocate(0);
    int from;
    int to;
    int missing;
    long micros;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int sourcePort;
    int destinationPort;
    boolean tcp;
    int sequence;
    int acknowledgement;
    int flags;
    boolean tunnelled;

    @Nullable
    Owner owner;

    Packet() {}

    /** What the payload lies in, big-endian: the capture, or a datagram put together from fragments. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** Where the payload begins, an absolute index. */
    public int from() {
        return from;
    }

    /** Where it ends, as far as it was kept. */
    public int to() {
        return to;
    }

    /** Bytes of payload that are there. */
    public int length() {
        return to - from;
    }

    /** Bytes of payload that were sent, as the headers say. */
    public int wireLength() {
        return to - from + missing;
    }

    /** Whether the capture kept less of the payload than was sent. */
    public boolean cut() {
        return missing > 0;
    }

    /** When it was seen, Unix time. Of fragments, when the last one was. */
    public long micros() {
        return micros;
    }

    public boolean tcp() {
        return tcp;
    }

    /** Whether the addresses are of IPv4. */
    public boolean ipv4() {
        return sourceHigh == 0 && sourceLow >>> 32 == MAPPED >>> 32;
    }

    public long sourceHigh() {
        return sourceHigh;
    }

    public long sourceLow() {
        return sourceLow;
    }

    public long destinationHigh() {
        return destinationHigh;
    }

    public long destinationLow() {
        return destinationLow;
    }

    public int sourcePort() {
        return sourcePort;
    }

    public int destinationPort() {
        return destinationPort;
    }

    /** Of the first byte of payload, or of the SYN; zero for UDP. */
    public int sequence() {
        return sequence;
    }

    /** Meaningful where {@link #ACK} is set; zero for UDP. */
    public int acknowledgement() {
        return acknowledgement;
    }

    /** The lower 8 bits of TCP's, {@link #FIN} to {@link #ACK} and those above; zero for UDP. */
    public int flags() {
        return flags;
    }

    /** Whether all of these flags are set. */
    public boolean has(int wanted) {
        return (flags & wanted) == wanted;
    }

    /** Whether some tunnel carried it: its addresses are not those of the frame's first IP header. */
    public boolean tunnelled() {
        return tunnelled;
    }

    /** Whose it is; null unless PCAPdroid said so. */
    public @Nullable Owner owner() {
        return owner;
    }

    /** Of protocol, addresses and ports, the same for both directions. */
    public int flowHash() {
        long source = (sourceHigh * 31 + sourceLow) * 31 + sourcePort;
        long destination = (destinationHigh * 31 + destinationLow) * 31 + destinationPort;
        long both = mix(source) + mix(destination) + (tcp ? 1 : 0);
        return (int) (both ^ both >>> 32);
    }

    public InetAddress source() {
        return address(sourceHigh, sourceLow);
    }

    public InetAddress destination() {
        return address(destinationHigh, destinationLow);
    }

    /** The address of two longs as this class has them. */
    public static InetAddress address(long high, long low) {
        boolean ipv4 = high == 0 && low >>> 32 == MAPPED >>> 32;
        ByteBuffer octets = ByteBuffer.allocate(ipv4 ? Integer.BYTES : 2 * Long.BYTES);
        if (ipv4) {
            octets.putInt((int) low);
        } else {
            octets.putLong(high).putLong(low);
        }
        try {
            return InetAddress.getByAddress(octets.array());
        } catch (UnknownHostException impossible) {
            throw new AssertionError("an address has 4 or 16 bytes", impossible);
        }
    }

    static long mapped(int ipv4) {
        return MAPPED | Integer.toUnsignedLong(ipv4);
    }

    /** Steele, Lea and Flood, OOPSLA 2014: the finishing step of SplitMix64. */
    private static long mix(long bits) {
        long mixed = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
