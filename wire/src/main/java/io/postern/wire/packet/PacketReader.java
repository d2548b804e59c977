package io.postern.wire.packet;

import io.postern.wire.capture.Frame;
import io.postern.wire.capture.FrameSink;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames down to TCP and UDP, through tunnels, and gives what the innermost IP carries. Checksums are not verified: a
 * capture at the sender shows them before its card has filled them in. For one thread.
 *
 * <pre>
 * TCP  port 16 | port 16 | sequence 32 | acknowledgement 32 | length 4, in 32 bits | 4 | flags 8 | 48 | options
 *        RFC 9293 section 3.1
 * UDP  port 16 | port 16 | length 16 with this header | checksum 16        RFC 768
 * </pre>
 */
public final class PacketReader implements FrameSink {

    private static final int TCP = 20;
    private static final int TCP_FLAGS = 14;
    private static final int UDP = 8;

    private final PacketSink sink;
    private final int nesting;
    private final PacketCounts counts = new PacketCounts();
    private final Fragments fragments;
    private final Walk walk = new Walk();
    private final Packet packet = new Packet();

    public PacketReader(PacketLimits limits, PacketSink sink) {
        this.sink = sink;
        this.nesting = limits.nesting();
        this.fragments = new Fragments(limits, counts, this::head);
    }

    @Override
    public void frame(Frame frame) {
        walk.begin(frame);
        read(walk, LinkTypes.first(frame.linkType()));
    }

    /** No more frames follow: datagrams that still wait for fragments are given up. */
    public void end() {
        fragments.giveUpAll();
    }

    public long count(PacketCount what) {
        return counts.of(what);
    }

    /** What a datagram begins with whose other fragments did not come. */
    private void head(Datagram datagram) {
        Walk late = new Walk();
        datagram.beginning(late);
        read(late, IpHeader.inside(late));
    }

    private void read(Walk walk, Layer first) {
        Layer layer = first;
        while (layer.end == null) {
            layer = next(walk, layer);
        }
        counts.add(layer.end);
    }

    private Layer next(Walk walk, Layer layer) {
        return switch (layer) {
            case ETHERNET -> EthernetHeader.read(walk);
            case IP -> IpHeader.read(walk, fragments, nesting);
            case TCP -> tcp(walk);
            case UDP -> udp(walk);
            case ETHERTYPE -> EthernetHeader.type(walk);
            case INSIDE_IP -> IpHeader.extension(walk, fragments);
            case LLC -> EthernetHeader.llc(walk);
            case MPLS -> EthernetHeader.mpls(walk);
            case PPPOE -> EthernetHeader.pppoe(walk);
            case PPP -> EthernetHeader.ppp(walk);
            case HDLC -> LinkHeaders.hdlc(walk);
            case NULL -> LinkHeaders.loopback(walk);
            case LINUX_SLL -> LinkHeaders.sll(walk);
            case LINUX_SLL2 -> LinkHeaders.sll2(walk);
            case NFLOG -> LinkHeaders.nflog(walk);
            case PPI -> LinkHeaders.ppi(walk);
            case WLAN -> WlanHeader.read(walk, false);
            case RADIOTAP -> WlanHeader.radiotap(walk);
            case PRISM -> WlanHeader.prism(walk);
            case AVS -> WlanHeader.avs(walk);
            case GRE -> GreHeader.read(walk);
            case GIVEN_TCP, GIVEN_UDP, OTHER_TRANSPORT, NOT_IP, ENCRYPTED, BROKEN, TOO_DEEP, FRAGMENT, UNKNOWN_LINK ->
                layer;
        };
    }

    private Layer tcp(Walk walk) {
        if (walk.lacks(TCP_FLAGS)) {
            return Layer.BROKEN;
        }
        int header = (walk.u8(12) >> 4) * 4;
        if (header < TCP || header > walk.sent()) {
            return Layer.BROKEN;
        }
        ports(walk);
        packet.tcp = true;
        packet.sequence = walk.u32(4);
        packet.acknowledgement = walk.u32(8);
        packet.flags = walk.u8(13);
        int payload = walk.sent() - header;
        walk.skip(header);
        walk.sentAs(payload);
        give(walk);
        sink.tcp(packet);
        return Layer.GIVEN_TCP;
    }

    private Layer udp(Walk walk) {
        if (walk.lacks(UDP)) {
            return Layer.BROKEN;
        }
        int length = walk.u16(4);
        if (length < UDP && length != 0) {
            return Layer.BROKEN;
        }
        ports(walk);
        // More than IP has is only right where IP has but the beginning of it.
        if (length != 0 && (length <= walk.sent() || walk.head)) {
            walk.sentAs(length);
        }
        walk.skip(UDP);
        @Nullable Layer tunnelled = UdpTunnels.inside(walk, packet.sourcePort, packet.destinationPort);
        if (tunnelled != null) {
            return tunnelled;
        }
        packet.tcp = false;
        packet.sequence = 0;
        packet.acknowledgement = 0;
        packet.flags = 0;
        give(walk);
        sink.udp(packet);
        return Layer.GIVEN_UDP;
    }

    private void ports(Walk walk) {
        packet.sourcePort = walk.u16(0);
        packet.destinationPort = walk.u16(2);
    }

    private void give(Walk walk) {
        packet.bytes = walk.bytes;
        packet.from = walk.from;
        packet.to = walk.to;
        packet.missing = walk.missing;
        packet.micros = walk.micros;
        packet.sourceHigh = walk.sourceHigh;
        packet.sourceLow = walk.sourceLow;
        packet.destinationHigh = walk.destinationHigh;
        packet.destinationLow = walk.destinationLow;
        packet.tunnelled = walk.nesting > 1;
        packet.owner = walk.owner;
    }
}
