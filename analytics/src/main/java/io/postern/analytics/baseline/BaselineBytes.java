package io.postern.analytics.baseline;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A subject as bytes; big-endian, text in modified UTF-8, names rather than numbers of what may be re-ordered.
 *
 * <pre>
 * version 3 | overrun 1 | devices n 1, hash 8 | day 8 | days 8 | day of which yesterday is the one before 8
 * decisions n | approved 1 | by | at 8 | reason | version 8 | signer | review-by 8
 * tainted n   | destination | first 8 | causes n, kind | name | last 8
 * builds n    | version 8 | signer | first 8 | last 8 | devices n 1, hash 8 | those of yesterday n 1, hash 8 | brought n 1, hash 8
 * entries n   | trait | situation | text | flows 8 | first 8 | last 8 | day 8 | days 8 | tainted 1 | decision 4, -1 none
 *             | devices n 1, hash 8 | destinations n 1, 255 too many, hash 8
 * </pre>
 *
 * Version 1 had no devices and days of the subject: they are those of its entries; all its builds are taken to be on all of
 * them. It did not say what speaks against a destination, and when: that counts from now on. Version 2 did not
 * say what builds brought, and who had them the day before.
 */
final class BaselineBytes {

    private static final int VERSION = 3;
    private static final int FIRST = 1;
    /** Since which one builds say what they brought. */
    private static final int BROUGHT = 3;

    private static final int MANY = 255;
    /** More than a subject has; a number beyond it is no number of ours. */
    private static final int MOST = 1 << 20;

    private BaselineBytes() {}

    static byte[] write(Learnt learnt) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4_096);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeBoolean(learnt.overrun());
            write(out, learnt.devices().hashes());
            write(out, learnt.days());
            out.writeLong(learnt.day());
            List<Decision> decisions = decisions(learnt);
            out.writeInt(decisions.size());
            for (Decision decision : decisions) {
                write(out, decision);
            }
            out.writeInt(learnt.tainted().size());
            for (Map.Entry<String, Taint> one : learnt.tainted().entrySet()) {
                out.writeUTF(one.getKey());
                write(out, one.getValue());
            }
            out.writeInt(learnt.releases().size());
            for (Release release : learnt.releases()) {
                write(out, release.build);
                out.writeLong(release.firstMillis);
                out.writeLong(release.lastMillis);
                write(out, release.devices.hashes());
                write(out, release.yesterday().hashes());
                write(out, release.brought());
            }
            out.writeInt(learnt.size());
            for (Entry entry : learnt.entries()) {
                write(out, entry, decisions);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Each once: an approval is shared by all that was approved by it. */
    private static List<Decision> decisions(Learnt learnt) {
        List<Decision> all = new ArrayList<>();
        for (Entry entry : learnt.entries()) {
            @Nullable Decision decision = entry.decision;
            if (decision != null && !all.contains(decision)) {
                all.add(decision);
            }
        }
        return all;
    }

    private static void write(DataOutputStream out, Decision decision) throws IOException {
        out.writeBoolean(decision.approved());
        out.writeUTF(decision.by());
        out.writeLong(decision.atMillis());
        out.writeUTF(decision.reason());
        write(out, decision.build());
        out.writeLong(decision.reviewByMillis());
    }

    private static void write(DataOutputStream out, Taint taint) throws IOException {
        out.writeLong(taint.firstMillis());
        out.writeInt(taint.causes().size());
        for (Map.Entry<Cause, Long> one : taint.causes().entrySet()) {
            out.writeUTF(one.getKey().kind().label());
            out.writeUTF(one.getKey().name());
            out.writeLong(one.getValue());
        }
    }

    private static void write(DataOutputStream out, Build build) throws IOException {
        out.writeLong(build.version());
        out.writeUTF(build.signer());
    }

    private static void write(DataOutputStream out, Entry entry, List<Decision> decisions) throws IOException {
        out.writeUTF(entry.key.trait().label());
        out.writeUTF(entry.key.situation().label());
        out.writeUTF(entry.key.text());
        out.writeLong(entry.flows);
        out.writeLong(entry.firstMillis);
        out.writeLong(entry.lastMillis);
        write(out, entry.days);
        out.writeBoolean(entry.tainted);
        @Nullable Decision decision = entry.decision;
        out.writeInt(decision == null ? -1 : decisions.indexOf(decision));
        write(out, entry.devices.hashes());
        Optional<long[]> with = entry.with();
        if (with.isPresent()) {
            write(out, with.get());
        } else {
            out.writeByte(MANY);
        }
    }

    private static void write(DataOutputStream out, Days days) throws IOException {
        out.writeLong(days.last());
        out.writeLong(days.bits());
    }

    private static void write(DataOutputStream out, long[] hashes) throws IOException {
        out.writeByte(hashes.length);
        for (long hash : hashes) {
            out.writeLong(hash);
        }
    }

    /** @throws IllegalArgumentException if they are no bytes of {@link #write} */
    static Learnt read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version < FIRST || version > VERSION) {
                throw new IllegalArgumentException("baseline is of version " + version + ", must be " + VERSION);
            }
            boolean first = version == FIRST;
            Learnt learnt = new Learnt();
            learnt.overrun(in.readBoolean());
            if (!first) {
                learnt.addSeen(devices(in), days(in));
            }
            if (version >= BROUGHT) {
                learnt.day(in.readLong());
            }
            List<Decision> decisions = new ArrayList<>();
            for (int left = count(in); left > 0; left--) {
                decisions.add(decision(in));
            }
            for (int left = count(in); left > 0; left--) {
                String destination = in.readUTF();
                learnt.taint(destination, first ? Taint.of(Cause.EVIDENCE, Taint.UNDATED) : taint(in));
            }
            List<Release> releases = new ArrayList<>();
            for (int left = count(in); left > 0; left--) {
                Release release =
                        new Release(build(in), in.readLong(), in.readLong(), first ? learnt.devices() : devices(in));
                if (version >= BROUGHT) {
                    release.yesterday(devices(in));
                    for (long habit : hashes(in, in.readUnsignedByte())) {
                        release.bring(habit);
                    }
                }
                releases.add(release);
            }
            for (int left = count(in); left > 0; left--) {
                learnt.put(entry(in, decisions));
            }
            if (first) {
                learnt.entries().forEach(entry -> learnt.addSeen(entry.devices, entry.days));
            }
            releases.forEach(learnt::add);
            return learnt;
        } catch (IOException e) {
            throw new IllegalArgumentException("baseline is cut short", e);
        }
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST) {
            throw new IllegalArgumentException("baseline has a count of " + count);
        }
        return count;
    }

    private static Decision decision(DataInputStream in) throws IOException {
        return new Decision(in.readBoolean(), in.readUTF(), in.readLong(), in.readUTF(), build(in), in.readLong());
    }

    private static Taint taint(DataInputStream in) throws IOException {
        Taint taint = new Taint(in.readLong());
        for (int left = count(in); left > 0; left--) {
            String kind = in.readUTF();
            taint.add(
                    new Cause(
                            Cause.Kind.of(kind)
                                    .orElseThrow(() -> new IllegalArgumentException("unknown cause " + kind)),
                            in.readUTF()),
                    in.readLong());
        }
        return taint;
    }

    private static Build build(DataInputStream in) throws IOException {
        return new Build(in.readLong(), in.readUTF());
    }

    private static Entry entry(DataInputStream in, List<Decision> decisions) throws IOException {
        Trait trait = Trait.of(in.readUTF()).orElseThrow(() -> new IllegalArgumentException("unknown trait"));
        Situation situation =
                Situation.of(in.readUTF()).orElseThrow(() -> new IllegalArgumentException("unknown situation"));
        String text = in.readUTF();
        long flows = in.readLong();
        long first = in.readLong();
        long last = in.readLong();
        Days days = days(in);
        boolean tainted = in.readBoolean();
        int decision = in.readInt();
        DeviceCount devices = devices(in);
        int destinations = in.readUnsignedByte();
        Entry entry = new Entry(
                new Entry.Key(trait, text, situation),
                devices,
                Entry.with(destinations == MANY ? Optional.empty() : Optional.of(hashes(in, destinations))));
        entry.flows = flows;
        entry.firstMillis = first;
        entry.lastMillis = last;
        entry.days = days;
        entry.tainted = tainted;
        entry.decision = decision < 0 ? null : decisions.get(decision);
        return entry;
    }

    private static DeviceCount devices(DataInputStream in) throws IOException {
        return DeviceCount.of(hashes(in, in.readUnsignedByte()));
    }

    private static Days days(DataInputStream in) throws IOException {
        return new Days(in.readLong(), in.readLong());
    }

    private static long[] hashes(DataInputStream in, int count) throws IOException {
        long[] hashes = new long[count];
        for (int i = 0; i < count; i++) {
            hashes[i] = in.readLong();
        }
        return hashes;
    }
}
