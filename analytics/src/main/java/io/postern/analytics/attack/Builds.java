package io.postern.analytics.attack;

import io.postern.analytics.baseline.Build;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.AppTag;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which build of an app is on a device, as was told last by the device's time; as a gateway's inventory has it. Those of
 * {@value #MOST} apps on devices are remembered, and that they were removed. Not for several threads.
 */
final class Builds {

    /** As many as a gateway's inventory has. */
    private static final int MOST = 200_000;

    /** @param sinceMillis since when it is this build, as far as was told; Unix time */
    private record Told(long atMillis, Build build, long sinceMillis, boolean removed) {}

    private final Map<AppKey, Told> all = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<AppKey, Told> eldest) {
            return size() > MOST;
        }
    };

    /** Other events than of what is installed tell nothing here. */
    void told(AppKey key, ContextEvent.App app, ContextEvent event) {
        @Nullable Told before = all.get(key);
        if (before != null && event.timeMillis() < before.atMillis) {
            return;
        }
        if (event.said() instanceof ContextEvent.Installed now) {
            Build build = new Build(app.versionCode().orElse(-1), now.signer());
            all.put(key, before == null || before.removed ? first(build, now, event) : next(before, build, now, event));
        } else if (event.said() instanceof ContextEvent.Removed) {
            all.put(key, new Told(event.timeMillis(), Build.UNKNOWN, event.timeMillis(), true));
        }
    }

    private static Told first(Build build, ContextEvent.Installed now, ContextEvent event) {
        long since = Math.max(
                now.firstInstallMillis().orElse(event.timeMillis()),
                now.lastUpdateMillis().orElse(Long.MIN_VALUE));
        return new Told(event.timeMillis(), build, since, false);
    }

    private static Told next(Told before, Build build, ContextEvent.Installed now, ContextEvent event) {
        Build known = build.filled(before.build);
        long since = known.equals(before.build) ? before.sinceMillis : event.timeMillis();
        return new Told(event.timeMillis(), known, now.lastUpdateMillis().orElse(since), false);
    }

    /** The build that it has; of packages that share a user {@link Build#together}. */
    Build of(AppTag tag) {
        return at(tag, Long.MAX_VALUE);
    }

    /** The build that it had then already; unknown where it came later, or nobody told. */
    Build at(AppTag tag, long atMillis) {
        return Build.together(tag.apps().stream()
                .map(app -> at(AppKey.of(tag.of(app)), atMillis))
                .toList());
    }

    private Build at(AppKey key, long atMillis) {
        @Nullable Told told = all.get(key);
        return told == null || told.sinceMillis > atMillis ? Build.UNKNOWN : told.build;
    }
}
