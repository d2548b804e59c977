package io.postern.analytics.attack;

import io.postern.analytics.baseline.Baseline;
import io.postern.analytics.flow.AppTag;
import java.util.function.Function;

/**
 * What is known beside the flows and facts of a device: immutable, swapped whole.
 *
 * @param version another one for every other knowledge, so that what was judged by the last is judged anew
 * @param learnt whether baselines have been learning for long enough that what is not in them is news
 * @param devices of the fleet that baselines have learnt from
 * @param roles what is written down of an app
 */
public record Knowledge(
        long version, Baseline baseline, boolean learnt, long devices, Function<AppTag, AppRole> roles) {

    /** Nothing is learnt, nothing is written down. */
    public static final Knowledge NONE = new Knowledge(0, Baseline.EMPTY, false, 0, tag -> AppRole.NONE);

    /** The fewest devices of which one can say that a thing is rare among them. */
    public static final int FLEET = 10;

    /** Whether it means something that few devices go somewhere. */
    boolean tellsRare() {
        return learnt && devices >= FLEET;
    }
}
