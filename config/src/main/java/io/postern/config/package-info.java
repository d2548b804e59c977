/**
 * How is this gateway set up? One tree of records, its reader, and the files that document it.
 * Knows the libraries for the settings they define; is known by {@code gateway}.
 */
@NullMarked
package io.postern.config;

import org.jspecify.annotations.NullMarked;
