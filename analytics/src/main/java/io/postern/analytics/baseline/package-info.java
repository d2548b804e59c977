/**
 * What is usual for an app and for its category, and who has approved it? Learns from flows, proposes, remembers decisions;
 * answers detection from an immutable snapshot.
 * Knows only the JDK and {@code flow}; is known by detection and by the gateway, which stores it.
 */
@NullMarked
package io.postern.analytics.baseline;

import org.jspecify.annotations.NullMarked;
