/**
 * Tells a receiver of the operator's what has been found and contained: signed, kept until it is taken, set aside when it never
 * is. Knows {@code state} for what waits and {@code records} for how findings are written; nothing here runs on an event loop.
 */
@NullMarked
package io.postern.gateway.webhook;

import org.jspecify.annotations.NullMarked;
