/**
 * Which list does a name belong to? Immutable tables of domain patterns.
 * Knows only the JDK; is known by config for service classes and by the gateway's judge for destinations.
 */
@NullMarked
package io.postern.dns.names;

import org.jspecify.annotations.NullMarked;
