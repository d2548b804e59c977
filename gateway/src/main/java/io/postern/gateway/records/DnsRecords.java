package io.postern.gateway.records;

import io.postern.config.GatewaySettings.RecordFile;
import io.postern.gateway.meters.Counters;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** Takes what devices asked from event loops and writes it down as {@link OcsfDns} has it; see {@link RecordLines}. */
public final class DnsRecords implements AutoCloseable {

    private final RecordLines<DnsRecord> lines;

    private DnsRecords(RecordLines<DnsRecord> lines) {
        this.lines = lines;
    }

    /**
     * Starts writing.
     *
     * @param settings with a file
     * @param version of the product, as its records name it
     * @param told what may be told of each question
     */
    public static DnsRecords start(
            RecordFile settings,
            String version,
            Counters<DropReason> dropped,
            Retention retention,
            UnaryOperator<DnsRecord> told) {
        OcsfDns ocsf = new OcsfDns(version);
        return new DnsRecords(
                RecordLines.start("dns-records", settings, told, ocsf::write, record -> {}, dropped, retention));
    }

    /** Hands a record over; never waits and never throws. Any thread may call. */
    public void write(DnsRecord asked) {
        lines.write(asked);
    }

    /** Writes what is queued and stops, within {@link RecordLines#CLOSE_WITHIN}. */
    @Override
    public void close() {
        lines.close();
    }

    /** See {@link RecordLines#erase}. */
    public long erase(DeviceLines device) throws IOException {
        return lines.erase(device);
    }

    /** Whether records are still being written, or will be once the file takes them. */
    public boolean alive() {
        return lines.alive();
    }
}
