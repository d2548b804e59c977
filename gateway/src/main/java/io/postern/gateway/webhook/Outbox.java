package io.postern.gateway.webhook;

import io.postern.gateway.records.DeviceLines;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Letters that wait, in the order in which they came, in a table of the store; in memory is only where they are. Any thread may
 * put, one takes.
 */
final class Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    static final String TABLE = "webhook";
    private static final int PAGE = 256;

    private final Store store;
    private final Store.Table table;
    private final int most;
    private final long giveUpNanos;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    /** Of those that are not known to be on the disk. */
    private final Map<Long, byte[]> unsynced = new LinkedHashMap<>();

    private long next;

    /** @param endNanos when it is given up, of {@link System#nanoTime}: a clock that is set gives nothing up */
    private record Waiting(long number, String about, long endNanos) {}

    /** The letter whose turn it is, and whether this is its last try. */
    record Turn(long number, Letter letter, long endNanos) {
        boolean last() {
            return System.nanoTime() - endNanos >= 0;
        }
    }

    /**
     * Goes on with what the store has.
     *
     * @param most letters that wait
     */
    Outbox(Store store, int most, Duration giveUp, long nowMillis) throws IOException {
        this.store = store;
        this.table = store.table(TABLE);
        this.most = most;
        this.giveUpNanos = giveUp.toNanos();
        byte[] from = {0};
        List<Store.Entry> page = table.range(from, PAGE);
        while (!page.isEmpty()) {
            for (Store.Entry one : page) {
                restore(one, nowMillis);
            }
            byte[] last = page.get(page.size() - 1).key();
            from = Arrays.copyOf(last, last.length + 1);
            page = table.range(from, PAGE);
        }
    }

    private void restore(Store.Entry entry, long nowMillis) throws IOException {
        try {
            long number = ByteBuffer.wrap(entry.key()).getLong();
            Letter letter = Letter.of(entry.value());
            long age = Duration.ofMillis(nowMillis - letter.sinceMillis()).toNanos();
            long left = Math.min(giveUpNanos, Math.max(0, giveUpNanos - age));
            waiting.add(new Waiting(number, letter.about(), System.nanoTime() + left));
            next = number + 1;
        } catch (IllegalArgumentException e) {
            LOG.error("a letter that was stored is left out: {}", e.toString());
            table.remove(entry.key());
        }
    }

    /** Puts a letter behind the others; false when there is no room. On the disk after the next {@link #sync} that returns. */
    synchronized boolean put(Letter letter) {
        if (waiting.size() >= most) {
            return false;
        }
        unsynced.put(next, letter.bytes());
        waiting.add(new Waiting(next++, letter.about(), System.nanoTime() + giveUpNanos));
        return true;
    }

    /** The first letter; {@link #done} or {@link #later} says what became of it. */
    synchronized Optional<Turn> first() throws IOException {
        for (Waiting first = waiting.peek(); first != null; first = waiting.peek()) {
            Optional<byte[]> bytes = bytes(first);
            if (bytes.isPresent()) {
                return Optional.of(new Turn(first.number, Letter.of(bytes.get()), first.endNanos));
            }
            LOG.error("a letter that was stored is gone number={}", first.number);
            waiting.remove();
        }
        return Optional.empty();
    }

    private Optional<byte[]> bytes(Waiting one) throws IOException {
        byte[] held = unsynced.get(one.number);
        return held == null ? table.get(key(one.number)) : Optional.of(held);
    }

    /** It need not be told any more. */
    synchronized void done(Turn turn) throws IOException {
        waiting.removeIf(each -> each.number == turn.number);
        unsynced.remove(turn.number);
        table.remove(key(turn.number));
    }

    /** Whether it is still to be told: what was known of its device may be erased meanwhile. */
    synchronized boolean has(Turn turn) {
        return waiting.stream().anyMatch(each -> each.number == turn.number);
    }

    /** Removes the letters about a device; how many. On the disk with the store's next sync. */
    synchronized int forget(DeviceLines device) throws IOException {
        int gone = 0;
        for (Waiting each : List.copyOf(waiting)) {
            Optional<byte[]> bytes = bytes(each);
            if (bytes.isPresent() && device.about(Letter.of(bytes.get()).body())) {
                unsynced.remove(each.number);
                table.remove(key(each.number));
                waiting.remove(each);
                gone++;
            }
        }
        return gone;
    }

    /** The same of what is kept where nobody is told anything. */
    static int forget(Store.Table table, DeviceLines device) throws IOException {
        int gone = 0;
        List<Store.Entry> page = table.range(new byte[] {0}, 1);
        while (!page.isEmpty()) {
            byte[] key = page.get(0).key();
            if (device.maybe(page.get(0).value())) {
                table.remove(key);
                gone++;
            }
            page = table.range(Arrays.copyOf(key, key.length + 1), 1);
        }
        return gone;
    }

    /** The others first: one that is never taken must not keep them waiting, but for those about the same. */
    synchronized void later(Turn turn) {
        String about = turn.letter.about();
        List<Waiting> same =
                waiting.stream().filter(each -> each.about.equals(about)).toList();
        waiting.removeIf(each -> each.about.equals(about));
        waiting.addAll(same);
    }

    /**
     * What was put is on the disk when this returns. Where the store failed meanwhile and lost some of it, by whomever, that is put again.
     *
     * @throws IOException when the store fails; what was put waits all the same, and is stored the next time
     */
    void sync() throws IOException {
        Set<Long> stored;
        do {
            stored = stored();
            if (stored.isEmpty()) {
                return;
            }
            store.sync();
        } while (!kept(stored));
    }

    /** Puts what is not there: which letters are to be synced. */
    private synchronized Set<Long> stored() throws IOException {
        for (Map.Entry<Long, byte[]> one : unsynced.entrySet()) {
            if (table.get(key(one.getKey())).isEmpty()) {
                table.put(key(one.getKey()), one.getValue());
            }
        }
        return Set.copyOf(unsynced.keySet());
    }

    /** Whether all are there after a sync; what is then was there when it was synced, or was read from the disk since. */
    private synchronized boolean kept(Set<Long> stored) throws IOException {
        for (Long number : stored) {
            if (unsynced.containsKey(number) && table.get(key(number)).isEmpty()) {
                return false;
            }
        }
        unsynced.keySet().removeAll(stored);
        return true;
    }

    synchronized int size() {
        return waiting.size();
    }

    private static byte[] key(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
