/**
 * What is told of devices and apps, read from the forms it comes in and written in our own: bytes to
 * {@link io.postern.analytics.context.ContextEvent} or what is wrong with them. Knows no sockets, no clock and no disk; is
 * known by the context listener, by replay and by the simulator.
 */
@NullMarked
package io.postern.gateway.facts;

import org.jspecify.annotations.NullMarked;
