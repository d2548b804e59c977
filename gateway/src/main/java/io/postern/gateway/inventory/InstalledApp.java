package io.postern.gateway.inventory;

import io.postern.analytics.baseline.Build;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppKey;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * One app of one profile of one device, as management told of it last.
 *
 * @param approved what the source says; policy has its own word
 * @param build version code and signer
 * @param installer package that installed it; empty if not said
 * @param formerSigner the one before; empty if it has not changed
 * @param firstSeenMillis when it was installed, or else told of first; Unix time
 * @param updatedMillis when it was updated, or else told of with another build first; 0 if never
 * @param resignedMillis when it was told of with another signer first; 0 if never
 * @param toldMillis when that was so by the device
 * @param source that told last
 */
public record InstalledApp(
        AppKey key,
        boolean managed,
        Truth approved,
        Build build,
        String versionName,
        String installer,
        String formerSigner,
        long firstSeenMillis,
        long updatedMillis,
        long resignedMillis,
        long toldMillis,
        String source,
        Set<String> sharedWith) {

    public InstalledApp {
        sharedWith = Set.copyOf(new TreeSet<>(sharedWith));
    }

    /** The build that it had then already; unknown if it came or was updated later. */
    public Build build(long atMillis) {
        return Math.max(firstSeenMillis, updatedMillis) <= atMillis ? build : Build.UNKNOWN;
    }

    /** Whether it was installed no longer ago. */
    public boolean newlyInstalled(long nowMillis, Duration within) {
        return nowMillis - firstSeenMillis <= within.toMillis();
    }

    /** Whether it was updated no longer ago. */
    public boolean justUpdated(long nowMillis, Duration within) {
        return updatedMillis > 0 && nowMillis - updatedMillis <= within.toMillis();
    }

    /** Whether another signer than before has signed it: no update does that. */
    public boolean signerChanged() {
        return !formerSigner.isEmpty();
    }

    /** Whether that was no longer ago. */
    public boolean signerChanged(long nowMillis, Duration within) {
        return resignedMillis > 0 && nowMillis - resignedMillis <= within.toMillis();
    }
}
