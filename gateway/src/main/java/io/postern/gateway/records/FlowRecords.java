package io.postern.gateway.records;

import io.postern.config.GatewaySettings.RecordFile;
import io.postern.gateway.meters.Counters;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** Takes flow records from event loops and writes them down as {@link OcsfFlow} has them; see {@link RecordLines}. */
public final class FlowRecords implements AutoCloseable {

    private final RecordLines<FlowRecord> lines;

    private FlowRecords(RecordLines<FlowRecord> lines) {
        this.lines = lines;
    }

    /**
     * Starts writing. A file that cannot be opened is no error here: it is logged, counted and tried again.
     *
     * @param settings without a file, records only become log lines
     * @param version of the product, as its records name it
     */
    public static FlowRecords start(RecordFile settings, String version, Counters<DropReason> dropped) {
        return start(settings, version, dropped, Retention.NONE, flow -> flow);
    }

    /**
     * The same of which lines go by their age.
     *
     * @param told what may be told of each flow
     */
    public static FlowRecords start(
            RecordFile settings,
            String version,
            Counters<DropReason> dropped,
            Retention retention,
            UnaryOperator<FlowRecord> told) {
        OcsfFlow ocsf = new OcsfFlow(version);
        return new FlowRecords(
                RecordLines.start("flow-records", settings, told, ocsf::write, FlowLog::log, dropped, retention));
    }

    /** Hands a record over; never waits and never throws. Any thread may call. */
    public void write(FlowRecord flow) {
        lines.write(flow);
    }

    /** Writes what is queued and stops; what cannot be written in this time is dropped and counted. */
    public void close(Duration within) {
        lines.close(within);
    }

    /** As {@link #close(Duration)}, within {@link RecordLines#CLOSE_WITHIN}. */
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
