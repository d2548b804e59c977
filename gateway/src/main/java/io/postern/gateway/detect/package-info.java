/**
 * What is detection told of flows and facts, in which order, and what does it make of them? One translation for flows that
 * live, captures and logs alike.
 * Knows the records of flows and the words of analytics; is known by {@code replay} and by whoever hosts detection.
 */
@NullMarked
package io.postern.gateway.detect;

import org.jspecify.annotations.NullMarked;
