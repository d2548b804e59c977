package io.postern.gateway.privacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.gateway.state.Store;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which device each pseudonym stands for that has left the gateway, by whatever key it was made. In the state, where ids are in clear
 * anyway; kept for good. What a crash costs is noted again with the device's next flow.
 */
public final class PseudonymBook {

    private static final Logger LOG = LoggerFactory.getLogger(PseudonymBook.class);

    /** Some 300 bytes each. Of more there are pseudonyms that nobody can resolve, and {@code turnedAway} counts them. */
    static final int MOST = 262_144;

    private static final int PAGE = 1_024;

    private final Store store;
    private final Store.Table table;
    private final Map<String, String> devices = new ConcurrentHashMap<>();
    private final Set<String> unsaved = ConcurrentHashMap.newKeySet();
    private final LongAdder turnedAway = new LongAdder();

    /** @throws IOException when the store cannot be read */
    public PseudonymBook(Store store) throws IOException {
        this.store = store;
        table = store.table("pseudonyms");
        byte[] from = {0};
        List<Store.Entry> page = table.range(from, PAGE);
        while (!page.isEmpty()) {
            page.forEach(one -> devices.put(new String(one.key(), UTF_8), new String(one.value(), UTF_8)));
            byte[] last = page.get(page.size() - 1).key();
            from = Arrays.copyOf(last, last.length + 1);
            page = table.range(from, PAGE);
        }
    }

    /** A pseudonym has left. Waits for nothing. */
    public void made(String pseudonym, String device) {
        if (devices.containsKey(pseudonym)) {
            return;
        }
        if (devices.size() >= MOST) {
            turnedAway.increment();
        } else if (devices.putIfAbsent(pseudonym, device) == null) {
            unsaved.add(pseudonym);
        }
    }

    /** What a pseudonym stands for; empty where it is none of ours. */
    public Optional<String> device(String pseudonym) {
        return Optional.ofNullable(devices.get(pseudonym));
    }

    /** What somebody means who says this: the device of a pseudonym that is known, anything else itself. */
    public String meant(String word) {
        return device(word).orElse(word);
    }

    /** All that a device was called, by whatever key. */
    public Set<String> pseudonyms(String device) {
        return devices.entrySet().stream()
                .filter(one -> one.getValue().equals(device))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Nobody can resolve these any more; on the disk with the store's next sync. Not for an event loop.
     *
     * @return how many were known
     * @throws IOException when the store fails
     */
    public synchronized int forget(Set<String> pseudonyms) throws IOException {
        int gone = 0;
        for (String one : pseudonyms) {
            table.remove(one.getBytes(UTF_8));
            unsaved.remove(one);
            gone += devices.remove(one) == null ? 0 : 1;
        }
        return gone;
    }

    /** What was made before is on the disk then, or is tried again the next time. Not for an event loop. */
    public synchronized void save() {
        List<String> some = List.copyOf(unsaved);
        if (some.isEmpty()) {
            return;
        }
        try {
            for (String pseudonym : some) {
                String device = devices.get(pseudonym);
                if (device != null) {
                    table.put(pseudonym.getBytes(UTF_8), device.getBytes(UTF_8));
                }
            }
            store.sync();
            some.forEach(unsaved::remove);
        } catch (IOException e) {
            LOG.debug("pseudonyms could not be stored, it is tried again: {}", e.toString());
        }
    }

    public int size() {
        return devices.size();
    }

    public long turnedAway() {
        return turnedAway.sum();
    }
}
