package io.postern.analytics;

import io.postern.analytics.context.DeviceContext;
import io.postern.analytics.instrument.Usual;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A device's state as bytes. What matters for an hour is not in it: live flows, wakes, the last check-ins. */
final class DeviceStateForm {

    private static final int VERSION = 2;

    private DeviceStateForm() {}

    static void write(DeviceState state, DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(state.limits.seed());
        out.writeLong(state.reachedMillis);
        out.writeLong(state.keys.evicted);
        out.writeLong(state.keys.evictedRecurrent);
        out.writeLong(state.keys.folded);
        state.apps.writeTo(out);
        state.table.writeTo(out);
        state.questions.writeTo(out);
        state.keys.ghosts.writeTo(out);
        state.context.writeTo(out);
    }

    static DeviceState read(DataInput in, StateLimits limits, Usual usual) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("a device's state of version " + version + ", must be " + VERSION);
        }
        long seed = in.readLong();
        if (seed != limits.seed()) {
            throw new IOException("a device's state of another seed");
        }
        DeviceState state = new DeviceState(limits, usual);
        state.reachedMillis = in.readLong();
        state.keys.evicted = in.readLong();
        state.keys.evictedRecurrent = in.readLong();
        state.keys.folded = in.readLong();
        state.apps.readFrom(in);
        state.table.readFrom(in, state.apps.size());
        state.questions.readFrom(in);
        state.keys.ghosts.readFrom(in);
        state.context = DeviceContext.readFrom(in, limits.context());
        for (int slot = 0; slot < state.table.slots(); slot++) {
            state.apps.added(state.table.number(slot));
        }
        state.keys.countCrowds();
        return state;
    }

    /** What would be read of it, in no more room than that needs. */
    static DeviceState copy(DeviceState state) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            write(state, new DataOutputStream(bytes));
            return read(
                    new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), state.limits, Usual.UNKNOWN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
