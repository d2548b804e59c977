/**
 * How are values written in settings and policy? Durations, sizes, addresses, prefixes, hosts.
 * Knows only the JDK; is known by the readers. Everything refused is an empty answer, never an exception.
 */
@NullMarked
package io.postern.config.grammar;

import org.jspecify.annotations.NullMarked;
