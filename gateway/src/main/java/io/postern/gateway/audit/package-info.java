/**
 * Who changed what? A log of entries that hold each other's hashes, on the disk before a change is acknowledged.
 * Knows no sockets; is known by {@code admin}, the commands and the composition.
 */
@NullMarked
package io.postern.gateway.audit;

import org.jspecify.annotations.NullMarked;
