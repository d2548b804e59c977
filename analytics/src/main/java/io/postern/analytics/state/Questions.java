package io.postern.analytics.state;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.postern.analytics.instrument.Asking;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.IntToLongFunction;

/** What each app asked DNS for, by registrable domain: a bounded table of {@link Asking}. */
public final class Questions {

    /** After the table's own: first and last asked, s. */
    private static final int SEEN = 2;

    private static final int ASKING = 3;
    private static final int WORDS = ASKING + Asking.WORDS;
    private static final int TELLING_BYTES = 500;
    private static final long TELLING_SECONDS = 30 * 86_400L;
    private static final Hasher64 HASHER = Hashing.komihash5_0();

    private final Table table;
    private final Apps apps;
    private final IntToLongFunction worth = this::worth;
    private long evicted;

    public Questions(int most, long seed, Apps apps) {
        table = new Table(WORDS, most, seed);
        this.apps = apps;
    }

    /** @return the slot, as long as nothing else is asked */
    public int asked(int app, String name, String domain, int type, int rcode, long timeMillis) {
        int hash = table.hash(app, "", domain);
        int slot = table.find(hash, app, "", domain);
        if (slot < 0) {
            slot = add(hash, app, domain, Spans.of(timeMillis));
        }
        long[] words = table.page(slot);
        int at = table.at(slot);
        words[at + SEEN] = Spans.with(words[at + SEEN], timeMillis);
        int letters = Math.max(0, name.length() - domain.length() - 1);
        Asking.observe(words, at + ASKING, HASHER.hashCharsToLong(name), letters, type, rcode, timeMillis);
        return slot;
    }

    private int add(int hash, int app, String domain, long seen) {
        if (table.full()) {
            remove(table.leastWorth(hash, worth));
            evicted++;
        }
        int slot = table.add(hash, app, "", domain);
        apps.added(app);
        table.page(slot)[table.at(slot) + SEEN] = seen;
        return slot;
    }

    /** What carried much is kept for a month after it was last asked. */
    private long worth(int slot) {
        long last = Spans.lastSecond(table.page(slot)[table.at(slot) + SEEN]);
        boolean telling = Asking.information(table.page(slot), table.at(slot) + ASKING) >= TELLING_BYTES;
        return last + (telling ? TELLING_SECONDS : 0);
    }

    private void remove(int slot) {
        apps.removed(table.number(slot));
        table.remove(slot);
    }

    /** @return the slot, or -1 */
    public int find(int app, String domain) {
        return table.find(table.hash(app, "", domain), app, "", domain);
    }

    public long[] words(int slot) {
        return table.page(slot);
    }

    /** Where the entry's {@link Asking} begins. */
    public int asking(int slot) {
        return table.at(slot) + ASKING;
    }

    public long firstMillis(int slot) {
        return Spans.firstMillis(table.page(slot)[table.at(slot) + SEEN]);
    }

    public long lastMillis(int slot) {
        return Spans.lastMillis(table.page(slot)[table.at(slot) + SEEN]);
    }

    public String domain(int slot) {
        return table.name(slot);
    }

    public int app(int slot) {
        return table.number(slot);
    }

    public int slots() {
        return table.slots();
    }

    public boolean inUse(int slot) {
        return table.inUse(slot);
    }

    public int size() {
        return table.size();
    }

    public long evicted() {
        return evicted;
    }

    public long bytes() {
        return table.bytes();
    }

    /** What another state of the device has, whose apps are others by number. */
    public void join(Questions other) {
        for (int theirs = 0; theirs < other.table.slots(); theirs++) {
            if (other.table.inUse(theirs)) {
                join(other, theirs);
            }
        }
        evicted = Math.max(evicted, other.evicted);
    }

    private void join(Questions other, int theirs) {
        int number = other.table.number(theirs);
        int app = apps.number(other.apps.profile(number), other.apps.name(number));
        String domain = other.table.name(theirs);
        int hash = table.hash(app, "", domain);
        int slot = table.find(hash, app, "", domain);
        if (slot < 0) {
            slot = add(hash, app, domain, other.table.page(theirs)[other.table.at(theirs) + SEEN]);
        }
        long[] words = table.page(slot);
        int at = table.at(slot);
        words[at + SEEN] = Spans.joined(words[at + SEEN], other.table.page(theirs)[other.table.at(theirs) + SEEN]);
        Asking.join(words, at + ASKING, other.table.page(theirs), other.table.at(theirs) + ASKING);
    }

    public void writeTo(DataOutput out) throws IOException {
        out.writeLong(evicted);
        table.writeTo(out);
    }

    public void readFrom(DataInput in) throws IOException {
        evicted = in.readLong();
        table.readFrom(in, apps.size());
        for (int slot = 0; slot < table.slots(); slot++) {
            apps.added(table.number(slot));
        }
    }
}
