package io.postern.analytics.state;

import io.postern.analytics.instrument.Novelty;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** The apps of a device by small numbers, found without garbage. An app keeps its number for as long as entries have it. */
public final class Apps {

    /** What apps beyond the bound are counted as. */
    public static final int OTHERS = 0;

    private static final int SMALLEST = 8;

    private final int most;
    private App[] apps = new App[SMALLEST];
    private int[] index = new int[SMALLEST * 4];
    private int size;
    private long turnedAway;

    /** One app of one profile, and how many entries it has. */
    private static final class App {
        private final String profile;
        private final String name;
        private final Novelty past = new Novelty();
        private int entries;

        App(String profile, String name) {
            this.profile = profile;
            this.name = name;
        }
    }

    /** @param others what apps beyond the bound are called */
    public Apps(int most, String others) {
        if (most < 2 || most > 1 << 16) {
            throw new IllegalArgumentException("apps are " + most + ", must be 2 to 65536");
        }
        this.most = most;
        add(others, others, hash(others, others));
    }

    /** @return -1 if it was never seen */
    public int find(String profile, String app) {
        int mask = index.length - 1;
        for (int i = hash(profile, app) & mask; index[i] != 0; i = (i + 1) & mask) {
            App one = apps[index[i] - 1];
            if (one.name.equals(app) && one.profile.equals(profile)) {
                return index[i] - 1;
            }
        }
        return -1;
    }

    /** Its number, or {@link #OTHERS} where there are too many. */
    public int number(String profile, String app) {
        int found = find(profile, app);
        if (found >= 0) {
            return found;
        }
        if (size < most) {
            return add(profile, app, hash(profile, app));
        }
        int idle = idle();
        if (idle < 0) {
            turnedAway++;
            return OTHERS;
        }
        apps[idle] = new App(profile, app);
        placeAll();
        return idle;
    }

    public String profile(int number) {
        return apps[number].profile;
    }

    public String name(int number) {
        return apps[number].name;
    }

    /** What it has done before. */
    public Novelty past(int number) {
        return apps[number].past;
    }

    public int entries(int number) {
        return apps[number].entries;
    }

    public void added(int number) {
        apps[number].entries++;
    }

    public void removed(int number) {
        apps[number].entries--;
    }

    public int size() {
        return size;
    }

    /** How often an app was counted as {@link #OTHERS}. */
    public long turnedAway() {
        return turnedAway;
    }

    /** Bytes of memory but for the names of apps, about. */
    public long bytes() {
        long bytes = 64L + 4L * apps.length + 4L * index.length;
        for (int i = 0; i < size; i++) {
            bytes += 24 + apps[i].past.bytes();
        }
        return bytes;
    }

    private int add(String profile, String app, int hash) {
        if (size == apps.length) {
            apps = Arrays.copyOf(apps, Math.min(most, size * 2));
            index = new int[Integer.highestOneBit(apps.length) * 4];
            placeAll();
        }
        apps[size] = new App(profile, app);
        place(size, hash);
        return size++;
    }

    private int idle() {
        for (int i = OTHERS + 1; i < size; i++) {
            if (apps[i].entries == 0) {
                return i;
            }
        }
        return -1;
    }

    private void placeAll() {
        Arrays.fill(index, 0);
        for (int i = 0; i < size; i++) {
            place(i, hash(apps[i].profile, apps[i].name));
        }
    }

    private void place(int number, int hash) {
        int mask = index.length - 1;
        int i = hash & mask;
        while (index[i] != 0) {
            i = (i + 1) & mask;
        }
        index[i] = number + 1;
    }

    private static int hash(String profile, String app) {
        int hash = (profile.hashCode() * 31 + app.hashCode()) * 0x9E3779B9;
        return hash ^ (hash >>> 15);
    }

    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(size);
        out.writeLong(turnedAway);
        for (int i = 1; i < size; i++) {
            out.writeUTF(apps[i].profile);
            out.writeUTF(apps[i].name);
            apps[i].past.writeTo(out);
        }
    }

    /** Into one that has seen none; entries are to be counted anew. */
    public void readFrom(DataInput in) throws IOException {
        int written = in.readInt();
        turnedAway = in.readLong();
        if (written < 1 || written > most) {
            throw new IOException("apps are " + written + ", must be 1 to " + most);
        }
        for (int i = 1; i < written; i++) {
            String profile = in.readUTF();
            String name = in.readUTF();
            if (find(profile, name) >= 0) {
                throw new IOException("an app stands twice");
            }
            past(add(profile, name, hash(profile, name))).readFrom(in);
        }
    }
}
