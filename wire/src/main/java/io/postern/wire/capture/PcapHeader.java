package io.postern.wire.capture;

/**
 * How the records of a capture are written.
 *
 * @param littleEndian order of the bytes in their headers
 * @param nanos whether fractions of seconds are nanoseconds rather than microseconds
 * @param linkType of LINKTYPE_ values, {@value #ETHERNET} for Ethernet
 */
public record PcapHeader(boolean littleEndian, boolean nanos, int linkType) {

    public static final int ETHERNET = 1;
}
