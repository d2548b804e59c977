package io.postern.wire.packet;

/** Takes the packets of a capture as they are read; each is good until the call returns. */
public interface PacketSink {

    /** A segment of TCP, with payload or without. */
    void tcp(Packet packet);

    /** A datagram of UDP that is no tunnel. */
    void udp(Packet packet);
}
