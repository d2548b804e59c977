package io.postern.analytics.attack;

import io.postern.analytics.Evidence.Family;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.DeviceContext;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;
import java.time.Duration;

/**
 * What device and app were doing meanwhile, and what the inventory says of the app: evidence of the family {@code state},
 * which only adds to others. Weighed alike by all five.
 */
final class Circumstances {

    static final String BACKGROUND = "in-background";
    static final String BACKGROUND_SHARE = "background-share";
    static final String LOCKED = "device-locked";
    static final String UNATTENDED = "nobody-at-the-device";
    static final String STARTED = "started-in-background";
    static final String UNMANAGED = "app-not-managed";
    static final String UNAPPROVED = "app-not-approved";
    static final String SIDELOADED = "installer-unknown";
    static final String NEW = "app-newly-installed";
    static final String UPDATED = "app-just-updated";
    static final String RESIGNED = "signer-changed";
    static final String REINSTALLED = "installer-changed";
    static final String IN_USE = "app-in-use";
    static final String BACKGROUND_EXPECTED = "background-expected";
    static final String BACKGROUND_OUTSIDE_ROLE = "background-outside-role";

    private static final double MOSTLY = 0.8;
    private static final double SELDOM = 0.3;
    private static final long NEW_MILLIS = Duration.ofDays(7).toMillis();
    private static final long UPDATED_MILLIS = Duration.ofDays(2).toMillis();
    private static final long RESIGNED_MILLIS = Duration.ofDays(30).toMillis();
    private static final long REINSTALLED_MILLIS = Duration.ofDays(30).toMillis();

    private Circumstances() {}

    /**
     * @param interaction nobody must have used the device for so long before it counts as unattended
     * @param window a background start within it counts
     */
    static void weigh(Sight sight, Scales scales, Duration interaction, Duration window) {
        weigh(sight, scales, interaction, window, false);
    }

    /** @param foregroundRequired whether background counts even where the role allows it */
    static void weigh(Sight sight, Scales scales, Duration interaction, Duration window, boolean foregroundRequired) {
        app(sight, scales);
        boolean expected = !foregroundRequired
                && sight.role().background() == Truth.TRUE
                && sight.role().approved();
        if (expected) {
            scales.against(Family.STATE, BACKGROUND_EXPECTED, 1, 1, 10);
        } else {
            state(sight, scales, interaction, window);
        }
        double quiet = sight.quietShare();
        boolean inFront = sight.background() == Truth.FALSE && sight.locked() != Truth.TRUE;
        // Of the first check-ins there is no share yet: what holds now is all there is.
        boolean seldomUnseen = quiet >= 0 ? quiet < SELDOM : sight.isNew();
        if (inFront && sight.unattended(interaction) == Truth.FALSE && seldomUnseen) {
            scales.against(Family.STATE, IN_USE, 1 - Math.max(0, quiet), 1 - SELDOM, 25);
        }
    }

    private static void state(Sight sight, Scales scales, Duration interaction, Duration window) {
        double quiet = sight.quietShare();
        if (quiet >= MOSTLY) {
            scales.supports(Family.STATE, BACKGROUND_SHARE, quiet, MOSTLY, 10);
        } else if (quiet < 0 && sight.background() == Truth.TRUE) {
            scales.supports(Family.STATE, BACKGROUND, 1, 1, 8);
        }
        if (!sight.background().known()) {
            scales.notVisible("app-state");
        }
        if (sight.role().background() == Truth.FALSE && (quiet >= MOSTLY || sight.background() == Truth.TRUE)) {
            scales.hard(Family.STATE, BACKGROUND_OUTSIDE_ROLE, 1, 1, 8);
        }
        if (sight.locked() == Truth.TRUE) {
            scales.supports(Family.STATE, LOCKED, 1, 1, 5);
        } else if (!sight.locked().known()) {
            scales.notVisible("lock");
        }
        Truth unattended = sight.unattended(interaction);
        if (unattended == Truth.TRUE) {
            scales.supports(Family.STATE, UNATTENDED, 1, 1, 5);
        } else if (!unattended.known()) {
            scales.notVisible("interaction");
        }
        if (sight.after(FactKind.BACKGROUND_START, window) == Truth.TRUE) {
            scales.supports(Family.STATE, STARTED, 1, 1, 5);
        }
    }

    private static void app(Sight sight, Scales scales) {
        Inventory told = sight.inventory();
        if (sight.role().approved()) {
            // What was approved was signed by somebody and came from somewhere.
            changedHands(told, scales);
            return;
        }
        if (!told.managed.known()) {
            scales.notVisible("inventory");
            return;
        }
        supports(scales, told.managed == Truth.FALSE, UNMANAGED, 3);
        supports(scales, told.approved == Truth.FALSE, UNAPPROVED, 2);
        supports(scales, told.sideloaded, SIDELOADED, 5);
        supports(scales, told.installed == Truth.TRUE, NEW, 3);
        supports(scales, told.installed != Truth.TRUE && told.updated == Truth.TRUE, UPDATED, 2);
        changedHands(told, scales);
    }

    private static void changedHands(Inventory told, Scales scales) {
        supports(scales, told.resigned == Truth.TRUE, RESIGNED, 10);
        supports(scales, told.reinstalled == Truth.TRUE, REINSTALLED, 5);
    }

    private static void supports(Scales scales, boolean holds, String feature, int weight) {
        if (holds) {
            scales.supports(Family.STATE, feature, 1, 1, weight);
        }
    }

    /** What was told of an app's installation, read once for all five. */
    static final class Inventory {
        private Truth managed = Truth.UNKNOWN;
        private Truth approved = Truth.UNKNOWN;
        private boolean sideloaded;
        private Truth installed = Truth.UNKNOWN;
        private Truth updated = Truth.UNKNOWN;
        private Truth resigned = Truth.UNKNOWN;
        private Truth reinstalled = Truth.UNKNOWN;

        /** Whether it came lately. */
        boolean isNew() {
            return installed == Truth.TRUE;
        }

        void read(DeviceContext context, AppTag tag, long now) {
            managed = context.managed(tag, now).truth();
            if (!managed.known()) {
                return;
            }
            approved = context.approved(tag, now).truth();
            sideloaded = context.installed(tag, now)
                    .map(ContextEvent.Installed::installer)
                    .filter(String::isEmpty)
                    .isPresent();
            installed = context.newlyInstalled(tag, NEW_MILLIS, now).truth();
            updated = context.justUpdated(tag, UPDATED_MILLIS, now).truth();
            resigned = context.signerChanged(tag, RESIGNED_MILLIS, now).truth();
            reinstalled = context.installerChanged(tag, REINSTALLED_MILLIS, now).truth();
        }
    }
}
