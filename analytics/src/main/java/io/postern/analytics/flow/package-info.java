/**
 * The words detection is spoken to in: whose flow it is, what it speaks and how that is known.
 * Knows only the JDK; is known by policy and by every stage of the gateway.
 */
@NullMarked
package io.postern.analytics.flow;

import org.jspecify.annotations.NullMarked;
