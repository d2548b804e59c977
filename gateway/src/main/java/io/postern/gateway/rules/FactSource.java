package io.postern.gateway.rules;

import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;
import io.postern.config.policy.Facts.Posture;
import java.time.Duration;
import java.util.Set;

/**
 * What is known of a device and an app at a time. Event loops ask, of one app at a time and only where all else that a
 * rule wants holds, so an answer must not wait for anything.
 */
public interface FactSource {

    /** Nobody tells anything. */
    FactSource NOBODY = new FactSource() {
        @Override
        public Truth truth(Kind kind, AppTag tag, long atMillis) {
            return Truth.UNKNOWN;
        }

        @Override
        public Truth untouched(AppTag tag, Duration atLeast, long atMillis) {
            return Truth.UNKNOWN;
        }

        @Override
        public Set<Posture> posture(AppTag tag, long atMillis) {
            return Set.of(Posture.UNKNOWN);
        }
    };

    /** What holds of a device or an app, or does not, or is not known. */
    enum Kind {
        MANAGED,
        NEWLY_INSTALLED,
        JUST_UPDATED,
        SIGNER_CHANGED,
        LOCKED,
        BACKGROUND
    }

    Truth truth(Kind kind, AppTag tag, long atMillis);

    /**
     * Whether the user left the device alone for so long before.
     *
     * @param atLeast 0: known if there is anybody who would tell of a touch
     */
    Truth untouched(AppTag tag, Duration atLeast, long atMillis);

    /** All that holds of the device's health; {@link Posture#UNKNOWN} where nothing is known of it. */
    Set<Posture> posture(AppTag tag, long atMillis);
}
