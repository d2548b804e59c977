package io.postern.gateway.inventory;

import io.postern.analytics.baseline.Build;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppKey;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which apps are on which device, as management tells. Later word counts by the device's time, so events may come twice and
 * in any order. At most {@value #MOST_OF_DEVICE} apps of a device and {@value #MOST} in all, 300 to 500 bytes each: beyond
 * that the app of the device, or of the one that has most, that was told of longest ago is forgotten and counted. What was removed stays so
 * where word from before the removal comes late. For any thread; {@link #save}
 * for those that may wait for the disk.
 */
public final class Inventory {

    static final int MOST = 200_000;
    static final int MOST_OF_DEVICE = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Inventory.class);
    private static final int PAGE = 1_024;
    /** What a source writes beyond is cut. */
    private static final int LONGEST = 255;

    private static final int MOST_SHARED = 64;

    private static final Comparator<AppKey> ORDER =
            Comparator.comparing(AppKey::device).thenComparing(AppKey::profile).thenComparing(AppKey::app);

    private final Store store;
    private final Store.Table table;
    /** Held while the table is changed: what is gone is not put back by who began to save before. */
    private final Object storing = new Object();

    /** Changed under this object's lock, found without it: rules ask on event loops, and lists take long. */
    private final NavigableMap<AppKey, InstalledApp> apps = new ConcurrentSkipListMap<>(ORDER);

    /** Of apps: the map would count them one by one. */
    private int size;

    private final Turns turns = new Turns();
    private final Set<AppKey> changed = new HashSet<>();

    /** Not on the disk: whoever tells of a time before them finds them among the facts that are told again at the start. */
    private final Removals removals = new Removals();

    private long evicted;

    private Inventory(Store store) throws IOException {
        this.store = store;
        this.table = store.table("inventory");
    }

    /** @throws IOException when the store cannot be read */
    public static Inventory open(Store store, Meters meters) throws IOException {
        Inventory inventory = new Inventory(store);
        inventory.load();
        meters.table("inventory", inventory::size, inventory::evicted);
        meters.table("inventory-removals", inventory::removals, inventory::removalsForgotten);
        return inventory;
    }

    private void load() throws IOException {
        List<InstalledApp> kept = new ArrayList<>();
        byte[] from = {0};
        List<Store.Entry> page = table.range(from, PAGE);
        while (!page.isEmpty()) {
            for (Store.Entry entry : page) {
                try {
                    kept.add(InstalledBytes.read(entry.key(), entry.value()));
                } catch (IllegalArgumentException e) {
                    LOG.error("an entry of the inventory is left out: {}", e.toString());
                }
            }
            byte[] last = page.get(page.size() - 1).key();
            from = Arrays.copyOf(last, last.length + 1);
            page = table.range(from, PAGE);
        }
        kept.sort(Comparator.comparingLong(InstalledApp::toldMillis));
        kept.forEach(this::put);
        changed.clear();
    }

    /** Takes what a source tells of its devices' apps; other events tell nothing here. Never waits for the disk. */
    public synchronized void told(ContextEvent event) {
        if (event.app().isEmpty()) {
            return;
        }
        AppKey key =
                new AppKey(event.device(), event.profile(), event.app().get().name());
        @Nullable InstalledApp before = apps.get(key);
        boolean late =
                (before != null && event.timeMillis() < before.toldMillis()) || removals.after(key, event.timeMillis());
        if (late) {
            return;
        }
        if (event.said() instanceof ContextEvent.Installed installed) {
            removals.drop(key);
            put(after(key, before, event, installed));
        } else if (event.said() instanceof ContextEvent.Removed) {
            removals.note(key, event.timeMillis());
            remove(key);
        }
    }

    private static InstalledApp after(
            AppKey key, @Nullable InstalledApp before, ContextEvent event, ContextEvent.Installed said) {
        long version = event.app().orElseThrow().versionCode().orElse(-1);
        Build build = new Build(version, cut(said.signer()));
        long at = event.timeMillis();
        if (before == null) {
            return installed(key, event, said, build, "", at, 0, 0);
        }
        Build known = build.filled(before.build());
        boolean resigned = !before.build().signer().isEmpty()
                && !known.signer().equals(before.build().signer());
        boolean updated = before.build().known() && !known.equals(before.build());
        return installed(
                key,
                event,
                said,
                known,
                resigned ? before.build().signer() : before.formerSigner(),
                before.firstSeenMillis(),
                updated ? at : before.updatedMillis(),
                resigned ? at : before.resignedMillis());
    }

    private static InstalledApp installed(
            AppKey key,
            ContextEvent event,
            ContextEvent.Installed said,
            Build build,
            String formerSigner,
            long firstSeenMillis,
            long updatedMillis,
            long resignedMillis) {
        return new InstalledApp(
                key,
                said.managed(),
                said.approved().map(Truth::of).orElse(Truth.UNKNOWN),
                build,
                cut(said.versionName()),
                cut(said.installer()),
                formerSigner,
                said.firstInstallMillis().orElse(firstSeenMillis),
                said.lastUpdateMillis().orElse(updatedMillis),
                resignedMillis,
                event.timeMillis(),
                event.source(),
                said.sharedWith().stream().sorted().limit(MOST_SHARED).collect(Collectors.toSet()));
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    private void put(InstalledApp app) {
        turns.told(app.key());
        if (apps.put(app.key(), app) == null) {
            size++;
            makeRoom(app.key().device());
        }
        changed.add(app.key());
    }

    /** A device that has too many pays itself, else the one that has most. */
    private void makeRoom(String device) {
        Optional<AppKey> goes = turns.of(device) > MOST_OF_DEVICE
                ? turns.first(device)
                : size > MOST ? turns.first() : Optional.empty();
        goes.ifPresent(key -> {
            remove(key);
            evicted++;
        });
    }

    private void remove(AppKey key) {
        if (apps.remove(key) != null) {
            size--;
            turns.gone(key);
            changed.add(key);
        }
    }

    /** Empty where management has not told of it. Waits for nothing. */
    public Optional<InstalledApp> find(AppKey key) {
        return Optional.ofNullable(apps.get(key));
    }

    /** On any device. */
    public synchronized boolean installed(String app) {
        return apps.keySet().stream().anyMatch(key -> key.app().equals(app));
    }

    /** The packages that are on any device. */
    public synchronized Set<String> packages() {
        return apps.keySet().stream().map(AppKey::app).collect(Collectors.toSet());
    }

    /**
     * In order of device, profile and app.
     *
     * @param after one that was shown before
     */
    public synchronized List<InstalledApp> list(Predicate<InstalledApp> wanted, Optional<AppKey> after, int most) {
        return (after.isPresent() ? apps.tailMap(after.get(), false) : apps)
                .values().stream().filter(wanted).limit(most).toList();
    }

    public synchronized int size() {
        return size;
    }

    public synchronized long evicted() {
        return evicted;
    }

    private synchronized int removals() {
        return removals.size();
    }

    private synchronized long removalsForgotten() {
        return removals.forgotten();
    }

    /**
     * Nothing is known of a device's apps any more; on the disk with the store's next sync.
     *
     * @return how many there were
     * @throws IOException when the store fails
     */
    public int forget(String device) throws IOException {
        synchronized (storing) {
            List<AppKey> gone;
            synchronized (this) {
                gone = apps.tailMap(new AppKey(device, "", ""), true).keySet().stream()
                        .takeWhile(key -> key.device().equals(device))
                        .toList();
                gone.forEach(this::remove);
                removals.forget(device);
            }
            for (AppKey key : gone) {
                table.remove(InstalledBytes.key(key));
            }
            return gone.size();
        }
    }

    /** Puts on the disk what has changed. */
    public void save() {
        synchronized (storing) {
            saveAlone();
        }
    }

    private void saveAlone() {
        Map<AppKey, Optional<InstalledApp>> fresh = new HashMap<>();
        synchronized (this) {
            changed.forEach(key -> fresh.put(key, Optional.ofNullable(apps.get(key))));
            changed.clear();
        }
        if (fresh.isEmpty()) {
            return;
        }
        try {
            for (Map.Entry<AppKey, Optional<InstalledApp>> one : fresh.entrySet()) {
                byte[] key = InstalledBytes.key(one.getKey());
                if (one.getValue().isPresent()) {
                    table.put(key, InstalledBytes.write(one.getValue().get()));
                } else {
                    table.remove(key);
                }
            }
            store.sync();
        } catch (IOException e) {
            LOG.error("the inventory could not be stored; the next start reads it from the facts: {}", e.toString());
        }
    }
}
