package io.postern.analytics.baseline;

/** Whether a habit of an app is its maker's, who brought it with a version. */
public enum Arrival {
    /** It was there before, or spreads from device to device, or nobody tells which version that is. */
    NONE,
    /** It is new since the version that the device has, which so few have that nobody can tell. */
    EARLY,
    /** Most devices that have the version show it, and none did before. */
    BROUGHT
}
