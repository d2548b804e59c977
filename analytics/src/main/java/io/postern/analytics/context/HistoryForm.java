package io.postern.analytics.context;

import io.postern.analytics.context.ContextEvent.Health;
import io.postern.analytics.context.ContextEvent.Installed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** How a {@link History} is written: an installed app, a removed one, or a device's health. */
final class HistoryForm {

    private static final int INSTALLED = 0;
    private static final int REMOVED = 1;
    private static final int HEALTH = 2;

    private static final Truth[] TRUTHS = Truth.values();
    private static final Health.Risk[] RISKS = Health.Risk.values();

    private HistoryForm() {}

    @SuppressWarnings("EnumOrdinal") // written as numbers: a constant put in between wants another version
    static void write(History history, DataOutput out) throws IOException {
        out.writeInt(history.told().size());
        for (History.Told one : history.told()) {
            out.writeLong(one.millis());
            out.writeByte(one.source());
            if (one.said() instanceof Installed installed) {
                out.writeByte(INSTALLED);
                write(installed, out);
            } else if (one.said() instanceof Health health) {
                out.writeByte(HEALTH);
                out.writeByte(health.compliant().ordinal());
                out.writeByte(health.risk().ordinal());
                out.writeUTF(health.securityPatch());
            } else {
                out.writeByte(REMOVED);
            }
        }
    }

    @SuppressWarnings("EnumOrdinal")
    private static void write(Installed installed, DataOutput out) throws IOException {
        out.writeBoolean(installed.managed());
        out.writeByte(installed.approved().map(Truth::of).orElse(Truth.UNKNOWN).ordinal());
        out.writeUTF(installed.versionName());
        out.writeUTF(installed.installer());
        out.writeUTF(installed.signer());
        out.writeLong(installed.firstInstallMillis().orElse(-1));
        out.writeLong(installed.lastUpdateMillis().orElse(-1));
        out.writeInt(installed.sharedWith().size());
        for (String other : installed.sharedWith()) {
            out.writeUTF(other);
        }
    }

    static void read(History history, DataInput in, List<Source> sources) throws IOException {
        int written = in.readInt();
        for (int i = 0; i < written; i++) {
            long millis = in.readLong();
            int source = in.readUnsignedByte();
            if (source >= sources.size()) {
                throw new IOException("a history of an unknown source");
            }
            history.add(new History.Told(millis, source, readSaid(in)), sources);
        }
    }

    private static ContextEvent.Said readSaid(DataInput in) throws IOException {
        int what = in.readUnsignedByte();
        return switch (what) {
            case INSTALLED -> readInstalled(in);
            case REMOVED -> new ContextEvent.Removed();
            case HEALTH ->
                new Health(one(TRUTHS, in.readUnsignedByte()), one(RISKS, in.readUnsignedByte()), in.readUTF());
            default -> throw new IOException("a history of " + what + ", must be 0 to 2");
        };
    }

    private static Installed readInstalled(DataInput in) throws IOException {
        boolean managed = in.readBoolean();
        Truth approved = one(TRUTHS, in.readUnsignedByte());
        String version = in.readUTF();
        String installer = in.readUTF();
        String signer = in.readUTF();
        long first = in.readLong();
        long updated = in.readLong();
        int shared = in.readInt();
        Set<String> sharedWith = new HashSet<>();
        for (int i = 0; i < shared; i++) {
            sharedWith.add(in.readUTF());
        }
        return new Installed(
                managed,
                approved.known() ? Optional.of(approved == Truth.TRUE) : Optional.empty(),
                version,
                installer,
                signer,
                first < 0 ? OptionalLong.empty() : OptionalLong.of(first),
                updated < 0 ? OptionalLong.empty() : OptionalLong.of(updated),
                sharedWith);
    }

    private static <T> T one(T[] all, int ordinal) throws IOException {
        if (ordinal >= all.length) {
            throw new IOException("a constant of number " + ordinal + ", must be below " + all.length);
        }
        return all[ordinal];
    }
}
