/**
 * What do names mean? {@code resolve} finds their addresses, {@code names} compares them with lists.
 * Knows {@code wire}; is known by {@code config} for its settings and by the gateway.
 */
@NullMarked
package io.postern.dns;

import org.jspecify.annotations.NullMarked;
