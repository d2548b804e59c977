/**
 * What do names mean? {@code message} reads and writes messages, {@code forward} asks servers and remembers what they
 * say, {@code resolve} finds addresses, {@code names} compares names with lists.
 * Knows {@code wire}; is known by {@code config} for its settings and by the gateway.
 */
@NullMarked
package io.postern.dns;

import org.jspecify.annotations.NullMarked;
