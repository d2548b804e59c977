package io.postern.analytics.attack;

import io.postern.analytics.baseline.Baseline;
import io.postern.analytics.baseline.Build;
import io.postern.analytics.flow.AppTag;
import java.util.function.Function;

/**
 * What is known beside the flows and facts of a device: immutable, swapped whole.
 *
 * @param version another one for every other knowledge, so that what was judged by the last is judged anew
 * @param learnt whether baselines have been learning for long enough that what is not in them is news
 * @param devices of the fleet that baselines have learnt from
 * @param roles what is written down of an app
 * @param builds of apps on their devices, as the inventory has them; unknown where nobody tells. Asked by every thread that
 *     detects, at most once of a flow: of apps that had a new version, of what is outside an approved baseline, and of findings
 *     that might block
 */
public record Knowledge(
        long version,
        Baseline baseline,
        boolean learnt,
        long devices,
        Function<AppTag, AppRole> roles,
        Function<AppTag, Build> builds) {

    /** Nothing is learnt, nothing is written down. */
    public static final Knowledge NONE = new Knowledge(0, Baseline.EMPTY, false, 0, tag -> AppRole.NONE);

    /** Without an inventory. */
    public Knowledge(long version, Baseline baseline, boolean learnt, long devices, Function<AppTag, AppRole> roles) {
        this(version, baseline, learnt, devices, roles, tag -> Build.UNKNOWN);
    }

    /** The fewest devices of which one can say that a thing is rare among them. */
    public static final int FLEET = 10;

    /** Whether it means something that few devices go somewhere. */
    boolean tellsRare() {
        return learnt && devices >= FLEET;
    }
}
