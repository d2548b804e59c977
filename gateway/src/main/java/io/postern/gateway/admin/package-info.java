/**
 * Is the gateway alive, is it ready, and what does it count? Health and metrics over HTTP, on an event loop of its own
 * that carries no flow. Knows {@code meters}; is known by the composition only.
 */
@NullMarked
package io.postern.gateway.admin;

import org.jspecify.annotations.NullMarked;
