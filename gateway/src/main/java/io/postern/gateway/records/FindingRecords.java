package io.postern.gateway.records;

import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.Campaign;
import io.postern.analytics.finding.Change;
import io.postern.analytics.finding.Kept;
import io.postern.config.GatewaySettings.RecordFile;
import io.postern.gateway.meters.Counters;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines of findings. While the file cannot be written up to {@value #MOST_WAITING} bytes wait; beyond that lines are
 * dropped and counted. Not for several threads, nor for an event loop.
 */
public final class FindingRecords implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FindingRecords.class);
    private static final long LOOK_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST_WAITING = 4 * 1024 * 1024;

    private final OcsfFinding ocsf;
    private final Counters<DropReason> dropped;
    private final @Nullable RotatingFile file;
    private final String path;
    private final LineBuffer batch = new LineBuffer();
    private final Retention retention;
    private long nextLook = System.nanoTime();
    private boolean failing;

    /**
     * @param settings without a file nothing is written
     * @param version of the product, as its records name it
     */
    public FindingRecords(RecordFile settings, String version, Counters<DropReason> dropped) {
        this(settings, version, dropped, Retention.NONE, finding -> finding);
    }

    /**
     * The same of which lines go by their age.
     *
     * @param told what may be told of each finding
     */
    public FindingRecords(
            RecordFile settings,
            String version,
            Counters<DropReason> dropped,
            Retention retention,
            UnaryOperator<Finding> told) {
        this.retention = retention;
        this.ocsf = new OcsfFinding(version, told);
        this.dropped = dropped;
        this.file = settings.file()
                .map(where -> new RotatingFile(where, settings.maxSize(), settings.keep()))
                .orElse(null);
        this.path = settings.file().map(Object::toString).orElse("-");
    }

    /** Puts a line on the batch. */
    public void add(Kept kept, Change change) {
        if (room()) {
            ocsf.write(kept, change, batch);
            batch.endLine();
        }
    }

    public void add(Campaign campaign, Change change) {
        if (room()) {
            ocsf.write(campaign, change, batch);
            batch.endLine();
        }
    }

    private boolean room() {
        if (file != null && batch.length() >= MOST_WAITING) {
            dropped.count(DropReason.UNWRITABLE);
        }
        return file != null && batch.length() < MOST_WAITING;
    }

    /** Writes the batch; what cannot be written waits for the next time. */
    public void flush() {
        look();
        if (file == null || batch.length() == 0) {
            return;
        }
        try {
            file.append(batch.view());
            batch.clear();
            if (failing) {
                failing = false;
                LOG.info("findings are written to {} again", path);
            }
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                failing = true;
                LOG.warn("findings cannot be written to {}: {}", path, e.toString());
            }
        }
    }

    /**
     * Takes the lines about a device out of the file and those set aside; of those that wait to be written, not. Waits for the disk.
     *
     * @return lines
     * @throws IOException when not all of them could be
     */
    public long erase(DeviceLines device) throws IOException {
        return file == null ? 0 : file.erase(device);
    }

    /** Whether lines wait that could not be written. */
    public boolean waiting() {
        return batch.length() > 0;
    }

    private void look() {
        long now = System.nanoTime();
        if (file == null || now - nextLook < 0) {
            return;
        }
        nextLook = now + LOOK_NANOS;
        try {
            file.look(retention);
        } catch (IOException e) {
            LOG.warn("old findings cannot be let go of at {}: {}", path, e.toString());
        }
    }

    @Override
    public void close() {
        flush();
        dropped.count(DropReason.UNWRITABLE, batch.lines());
        batch.clear();
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            LOG.warn("findings may be missing from {}: {}", path, e.toString());
        }
    }
}
