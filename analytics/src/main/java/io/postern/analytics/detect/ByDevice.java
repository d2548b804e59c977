package io.postern.analytics.detect;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A detection that remembers each device by itself, so that what it remembers of one can be kept, put back or dropped. */
public interface ByDevice extends Detection {

    /** Those of which it remembers anything. */
    List<String> devices();

    /** Keys that it holds, by table. */
    Map<String, Long> held();

    /** Keys that met a bound since it began; 0 as long as nothing is missing. By table. */
    Map<String, Long> saturated();

    /**
     * Writes what it remembers of a device.
     *
     * @return false when that is nothing, and nothing was written
     */
    boolean write(String device, DataOutput out) throws IOException;

    /**
     * Remembers of a device what was written of it, in place of what it remembers.
     *
     * @throws IOException also of what was not written by {@link #write}, or is of an older form; then nothing has changed
     */
    void read(String device, DataInput in) throws IOException;

    /** Begins anew with a device. */
    void forget(String device);
}
