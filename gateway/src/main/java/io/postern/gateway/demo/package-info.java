/**
 * What does it look like when it works? A small world of origins and devices around a real gateway, all on loopback.
 * Knows the gateway from outside: settings, listeners, tags and records; is known by the command line.
 */
@NullMarked
package io.postern.gateway.demo;

import org.jspecify.annotations.NullMarked;
