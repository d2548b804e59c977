package io.postern.analytics.context;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What is known of a device, as bytes. */
final class ContextForm {

    private static final int VERSION = 1;

    private ContextForm() {}

    static void write(DeviceContext context, DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(context.turnedAway + context.apps.evicted());
        context.told.writeTo(out);
        out.writeInt(context.sources.size());
        for (Source source : context.sources) {
            source.writeTo(out);
        }
        context.locks.writeTo(out);
        context.interactions.writeTo(out);
        HistoryForm.write(context.health, out);
        out.writeInt(context.apps.size());
        context.apps.each((profile, app, facts) -> {
            out.writeUTF(profile);
            out.writeUTF(app);
            out.writeLong(facts.lastMillis);
            facts.foreground.writeTo(out);
            facts.events.writeTo(out);
            HistoryForm.write(facts.inventory, out);
        });
    }

    /** @throws IOException also of what was not written by {@link #write}, or is beyond these limits */
    static DeviceContext read(DataInput in, ContextLimits limits) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("a context of version " + version + ", must be " + VERSION);
        }
        DeviceContext context = new DeviceContext(limits);
        context.turnedAway = in.readLong();
        context.told.readFrom(in);
        int sources = in.readInt();
        if (sources < 0 || sources > limits.sources()) {
            throw new IOException("a context of " + sources + " sources, must be at most " + limits.sources());
        }
        for (int i = 0; i < sources; i++) {
            context.sources.add(Source.readFrom(in, limits));
        }
        context.locks.readFrom(in, sources);
        context.interactions.readFrom(in, sources);
        HistoryForm.read(context.health, in, context.sources);
        int apps = in.readInt();
        if (apps < 0 || apps > limits.apps()) {
            throw new IOException("a context of " + apps + " apps, must be at most " + limits.apps());
        }
        for (int i = 0; i < apps; i++) {
            String profile = in.readUTF();
            String app = in.readUTF();
            @Nullable AppFacts facts = context.apps.take(profile, app, in.readLong());
            if (facts == null) {
                throw new IOException("an app stands twice in a context");
            }
            facts.foreground.readFrom(in, sources);
            facts.events.readFrom(in, sources);
            facts.tellers = facts.foreground.tellers() | facts.events.tellers();
            HistoryForm.read(facts.inventory, in, context.sources);
        }
        return context;
    }
}
