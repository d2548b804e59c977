package io.postern.gateway.coverage;

import java.util.Locale;

/** Why a fact was not known, or why a flow was not judged. */
enum Gap {
    /** No source of the settings reports it. */
    NEVER_REPORTED,
    /** One does, and has said nothing of this device yet. */
    DEVICE_WITHOUT_SOURCE,
    /** One did, and is silent, or tells in batches and has not come to now. */
    SOURCE_SILENT,
    /** The flow's app is not known, so neither is what is told of apps. */
    APP_UNKNOWN,
    /** The flow's device is not known. */
    UNATTRIBUTED,
    /** Detection had too much to do, and was not told of the flow, or not of all of it. */
    DETECTION_FULL,
    /** The analytic is off. */
    SWITCHED_OFF;

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
