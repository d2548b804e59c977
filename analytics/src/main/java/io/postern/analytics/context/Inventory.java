package io.postern.analytics.context;

import io.postern.analytics.flow.AppTag;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the inventory says of a device's apps, then and before. Of packages that share a user any may speak: all of them must be
 * managed and approved of, and one that is new or has changed is enough.
 */
final class Inventory {

    private final AppTable apps;
    private final List<Source> sources;
    private final Witnesses witnesses;

    Inventory(AppTable apps, List<Source> sources, Witnesses witnesses) {
        this.apps = apps;
        this.sources = sources;
        this.witnesses = witnesses;
    }

    /** Whether the enterprise manages the app; not so of one that a living source of inventory does not name. */
    Answer managed(AppTag tag, long atMillis) {
        return tag.shared() ? decided(tag, Truth.FALSE, one -> managedOne(one, atMillis)) : managedOne(tag, atMillis);
    }

    private Answer managedOne(AppTag tag, long atMillis) {
        History.@Nullable Told one = told(tag, atMillis);
        if (one == null) {
            return witnesses.silent(FactKind.INVENTORY, atMillis, atMillis, Truth.FALSE);
        }
        boolean managed = one.said() instanceof ContextEvent.Installed installed && installed.managed();
        return witnesses.told(one, Truth.of(managed), atMillis);
    }

    /** Whether somebody approved of the app. */
    Answer approved(AppTag tag, long atMillis) {
        return tag.shared() ? decided(tag, Truth.FALSE, one -> approvedOne(one, atMillis)) : approvedOne(tag, atMillis);
    }

    /** @param decides which answer for one of them is that for all; the other needs all of them */
    private static Answer decided(AppTag tag, Truth decides, Function<AppTag, Answer> each) {
        Answer all = Answer.UNKNOWN;
        boolean unknown = false;
        for (String app : tag.apps()) {
            Answer one = each.apply(tag.of(app));
            if (one.truth() == decides) {
                return one;
            }
            unknown |= !one.known();
            all = one;
        }
        return unknown ? Answer.UNKNOWN : all;
    }

    private Answer approvedOne(AppTag tag, long atMillis) {
        History.@Nullable Told one = told(tag, atMillis);
        if (one != null
                && one.said() instanceof ContextEvent.Installed installed
                && installed.approved().isPresent()) {
            return witnesses.told(one, Truth.of(installed.approved().get()), atMillis);
        }
        return Answer.UNKNOWN;
    }

    /** The app's entry in the inventory; of a shared tag, of its first app. Empty where it is removed or was never told. */
    Optional<ContextEvent.Installed> installed(AppTag tag, long atMillis) {
        History.@Nullable Told one = told(tag, atMillis);
        return one != null && one.said() instanceof ContextEvent.Installed installed
                ? Optional.of(installed)
                : Optional.empty();
    }

    /** Whether the app came onto the device within so long before. */
    Answer newlyInstalled(AppTag tag, long withinMillis, long atMillis) {
        if (tag.shared()) {
            return decided(tag, Truth.TRUE, one -> newlyInstalled(one, withinMillis, atMillis));
        }
        History.@Nullable Told one = told(tag, atMillis);
        return one == null ? Answer.UNKNOWN : since(one, installedMillis(one), withinMillis, atMillis);
    }

    /** Whether the app was updated within so long before. */
    Answer justUpdated(AppTag tag, long withinMillis, long atMillis) {
        if (tag.shared()) {
            return decided(tag, Truth.TRUE, one -> justUpdated(one, withinMillis, atMillis));
        }
        History.@Nullable Told one = told(tag, atMillis);
        return one == null ? Answer.UNKNOWN : since(one, updatedMillis(tag, one), withinMillis, atMillis);
    }

    /** Whether the app's signer changed within so long before, as far as was told. */
    Answer signerChanged(AppTag tag, long withinMillis, long atMillis) {
        return changed(tag, ContextEvent.Installed::signer, withinMillis, atMillis);
    }

    /** Whether another than before has installed the app within so long before, as far as was told; of none nothing is said. */
    Answer installerChanged(AppTag tag, long withinMillis, long atMillis) {
        return changed(tag, ContextEvent.Installed::installer, withinMillis, atMillis);
    }

    private Answer changed(
            AppTag tag, Function<ContextEvent.Installed, String> part, long withinMillis, long atMillis) {
        if (tag.shared()) {
            return decided(tag, Truth.TRUE, one -> changed(one, part, withinMillis, atMillis));
        }
        History.@Nullable Told one = told(tag, atMillis);
        return one == null ? Answer.UNKNOWN : since(one, changedMillis(tag, one, part), withinMillis, atMillis);
    }

    /** @param millis when a thing happened, 0 for long ago, negative for not known */
    private Answer since(History.Told one, long millis, long withinMillis, long atMillis) {
        return millis < 0 || !(one.said() instanceof ContextEvent.Installed)
                ? Answer.UNKNOWN
                : witnesses.told(one, Truth.of(millis <= atMillis && atMillis - millis <= withinMillis), atMillis);
    }

    private long installedMillis(History.Told one) {
        return one.said() instanceof ContextEvent.Installed installed
                ? installed.firstInstallMillis().orElse(-1)
                : -1;
    }

    private long updatedMillis(AppTag tag, History.Told one) {
        return one.said() instanceof ContextEvent.Installed installed
                        && installed.lastUpdateMillis().isPresent()
                ? installed.lastUpdateMillis().getAsLong()
                : changedMillis(tag, one, ContextEvent.Installed::versionName);
    }

    private long changedMillis(AppTag tag, History.Told until, Function<ContextEvent.Installed, String> part) {
        @Nullable
        AppFacts facts = apps.find(tag.profile(), tag.shared() ? tag.apps().get(0) : tag.app());
        long changed = 0;
        String before = "";
        for (History.Told one : facts == null ? List.<History.Told>of() : facts.inventory.told()) {
            if (one.millis() <= until.millis() && one.said() instanceof ContextEvent.Installed installed) {
                String now = part.apply(installed);
                if (!before.isEmpty() && !now.isEmpty() && !now.equals(before)) {
                    changed = one.millis();
                }
                before = now.isEmpty() ? before : now;
            }
        }
        return before.isEmpty() ? -1 : changed;
    }

    private History.@Nullable Told told(AppTag tag, long atMillis) {
        @Nullable
        AppFacts facts = apps.find(tag.profile(), tag.shared() ? tag.apps().get(0) : tag.app());
        return facts == null ? null : facts.inventory.at(atMillis, sources);
    }
}
