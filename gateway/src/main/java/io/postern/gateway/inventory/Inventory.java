package io.postern.gateway.inventory;

import io.postern.analytics.baseline.Build;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppKey;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.state.Store;
import java.io.IOException;
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
 * that the app of the device, or of all, that was told of longest ago is forgotten and counted. For any thread; {@link #save}
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
    /** Changed under this object's lock, found without it: rules ask on event loops, and lists take long. */
    private final NavigableMap<AppKey, InstalledApp> apps = new ConcurrentSkipListMap<>(ORDER);

    /** Of apps: the map would count them one by one. */
    private int size;

    private final Map<String, Integer> ofDevice = new HashMap<>();
    private final Set<AppKey> changed = new HashSet<>();
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
        return inventory;
    }

    private void load() throws IOException {
        byte[] from = {0};
        List<Store.Entry> page = table.range(from, PAGE);
        while (!page.isEmpty()) {
            for (Store.Entry entry : page) {
                try {
                    put(InstalledBytes.read(entry.key(), entry.value()));
                } catch (IllegalArgumentException e) {
                    LOG.error("an entry of the inventory is left out: {}", e.toString());
                }
            }
            byte[] last = page.get(page.size() - 1).key();
            from = Arrays.copyOf(last, last.length + 1);
            page = table.range(from, PAGE);
        }
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
        if (before != null && event.timeMillis() < before.toldMillis()) {
            return;
        }
        if (event.said() instanceof ContextEvent.Installed installed) {
            put(after(key, before, event, installed));
        } else if (event.said() instanceof ContextEvent.Removed) {
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
        Build known = filled(build, before.build());
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

    /** A source that leaves something out has not taken it back. */
    private static Build filled(Build build, Build before) {
        return new Build(
                build.version() < 0 ? before.version() : build.version(),
                build.signer().isEmpty() ? before.signer() : build.signer());
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    private void put(InstalledApp app) {
        if (apps.put(app.key(), app) == null) {
            size++;
            ofDevice.merge(app.key().device(), 1, Integer::sum);
            makeRoom(app.key());
        }
        changed.add(app.key());
    }

    private void makeRoom(AppKey fresh) {
        if (ofDevice.getOrDefault(fresh.device(), 0) > MOST_OF_DEVICE) {
            forgetOldest(device(fresh.device()), fresh);
        } else if (size > MOST) {
            // The device that has most pays: looking at all apps for each new one would cost too much.
            ofDevice.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .ifPresent(most -> forgetOldest(device(most.getKey()), fresh));
        }
    }

    private void forgetOldest(NavigableMap<AppKey, InstalledApp> among, AppKey but) {
        among.values().stream()
                .filter(app -> !app.key().equals(but))
                .min(Comparator.comparingLong(InstalledApp::toldMillis))
                .map(InstalledApp::key)
                .ifPresent(key -> {
                    remove(key);
                    evicted++;
                });
    }

    private NavigableMap<AppKey, InstalledApp> device(String device) {
        return apps.subMap(new AppKey(device, "", ""), true, new AppKey(device + "\0", "", ""), false);
    }

    private void remove(AppKey key) {
        if (apps.remove(key) != null) {
            size--;
            ofDevice.merge(key.device(), -1, Inventory::without);
            changed.add(key);
        }
    }

    private static @Nullable Integer without(Integer count, Integer less) {
        return count + less == 0 ? null : Integer.valueOf(count + less);
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

    /** Puts on the disk what has changed. */
    public void save() {
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
