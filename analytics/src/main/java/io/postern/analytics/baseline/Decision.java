package io.postern.analytics.baseline;

/**
 * What somebody has decided of entries.
 *
 * @param approved whether it was yes
 * @param build of the app at that time; see {@link Build#covers}
 * @param reviewByMillis when it must be asked again, Unix time; 0 for never
 */
public record Decision(boolean approved, String by, long atMillis, String reason, Build build, long reviewByMillis) {}
