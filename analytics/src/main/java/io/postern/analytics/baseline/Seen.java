package io.postern.analytics.baseline;

/**
 * Of one flow what every entry counts.
 *
 * @param device hash of it
 * @param destination hash of what it is called
 * @param day see {@link Days}
 */
record Seen(long device, long destination, long day, long atMillis) {}
