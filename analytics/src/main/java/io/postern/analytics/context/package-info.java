/**
 * What is told of devices and apps from outside, and what may be concluded from it at a given time: true, false or unknown.
 * Knows only the JDK, hash4j and {@code flow}; is known by detection, by policy and by the gateway's context listener.
 */
@NullMarked
package io.postern.analytics.context;

import org.jspecify.annotations.NullMarked;
