package io.postern.gateway.collector;

import io.postern.config.CollectorSettings;
import io.postern.gateway.owners.OwnerReport;
import io.postern.gateway.records.Transport;
import io.postern.wire.Parse;
import io.postern.wire.capture.OwnedPacket;
import io.postern.wire.capture.OwnedPacketParser;
import io.postern.wire.capture.PcapHeader;
import io.postern.wire.capture.PcapHeaderParser;
import io.postern.wire.capture.PcapRecord;
import io.postern.wire.capture.PcapRecordParser;
import io.postern.wire.ip.Prefix;
import io.postern.wire.ip.PrefixTable;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What one collector makes of packets that PCAPdroid exports, without its socket. A connection is reported by its SYN, one of
 * UDP by the first packet of its ends; when it was is when the packet came, for a phone's clock may be off. For one thread.
 */
final class PcapDroid {

    /** A phone writes as its machine does, and all of them do alike. */
    static final PcapHeader USUAL = new PcapHeader(true, false, PcapHeader.ETHERNET);

    /** Of a label, as far as PCAPdroid writes it. */
    private static final int LABEL_BYTES = 19;

    /** Ends of UDP that are not reported again; those seen longest ago go first. */
    private static final int MOST_ENDS = 4_096;

    private final PrefixTable<CollectorSettings.Device> devices;
    private final Map<String, String> packages = new HashMap<>();
    private final Clock clock;
    private final Consumer<OwnerReport> reports;
    private final Consumer<PacketResult> results;
    private final PcapHeaderParser headers = new PcapHeaderParser();
    private final PcapRecordParser records = new PcapRecordParser(USUAL);
    private final OwnedPacketParser packets = new OwnedPacketParser();
    private final Map<Ends, Boolean> seen = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Ends, Boolean> eldest) {
            return size() > MOST_ENDS;
        }
    };

    private record Ends(
            CollectorSettings.Device device, InetAddress source, int from, InetAddress destination, int to) {}

    PcapDroid(CollectorSettings settings, Clock clock, Consumer<OwnerReport> reports, Consumer<PacketResult> results) {
        Map<Prefix, CollectorSettings.Device> sources = new HashMap<>();
        settings.devices().forEach(device -> sources.put(Prefix.parse(device.source()), device));
        this.devices = PrefixTable.of(sources);
        settings.labels().forEach((label, app) -> packages.put(cut(utf8(label)), app));
        this.clock = clock;
        this.reports = reports;
        this.results = results;
    }

    /** Whose captures come from there; empty when nobody's. */
    Optional<CollectorSettings.Device> device(InetAddress from) {
        Optional<CollectorSettings.Device> device = devices.find(from);
        if (device.isEmpty()) {
            results.accept(PacketResult.UNKNOWN_SOURCE);
        }
        return device;
    }

    /** A datagram of the UDP exporter: a capture's header, or a record. */
    void datagram(CollectorSettings.Device device, ByteBuffer datagram) {
        if (records.parse(datagram) instanceof Parse.Done<PcapRecord> done && done.consumed() == datagram.remaining()) {
            record(device, done.value(), datagram);
        } else if (!(headers.parse(datagram) instanceof Parse.Done<PcapHeader> header)
                || !header.value().equals(USUAL)) {
            results.accept(PacketResult.MALFORMED);
        }
    }

    /** @param bytes with the record first */
    void record(CollectorSettings.Device device, PcapRecord record, ByteBuffer bytes) {
        ByteBuffer frame = bytes.slice(bytes.position() + record.at(), record.length());
        results.accept(
                packets.parse(frame) instanceof Parse.Done<OwnedPacket> done
                        ? report(device, done.value())
                        : PacketResult.NOT_OWNED);
    }

    private PacketResult report(CollectorSettings.Device device, OwnedPacket packet) {
        if (packet.udp() ? known(device, packet) : !packet.opening()) {
            return PacketResult.PASSED_OVER;
        }
        String app = packages.get(cut(packet.label()));
        if (app == null) {
            return PacketResult.UNKNOWN_LABEL;
        }
        reports.accept(new OwnerReport(
                OwnerReport.Source.AGENT,
                device.device(),
                device.profile(),
                clock.millis(),
                packet.udp() ? Transport.UDP : Transport.TCP,
                OptionalInt.of(packet.sourcePort()),
                packet.destination(),
                packet.destinationPort(),
                List.of(app)));
        return PacketResult.REPORTED;
    }

    /** Or its answer. */
    private boolean known(CollectorSettings.Device device, OwnedPacket packet) {
        Ends ends =
                new Ends(device, packet.source(), packet.sourcePort(), packet.destination(), packet.destinationPort());
        Ends back =
                new Ends(device, packet.destination(), packet.destinationPort(), packet.source(), packet.sourcePort());
        return seen.get(back) != null || seen.put(ends, true) != null;
    }

    /** One char per byte, as packets have it. */
    private static String utf8(String label) {
        return new String(label.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String cut(String label) {
        return label.substring(0, Math.min(LABEL_BYTES, label.length()));
    }
}
