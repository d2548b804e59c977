/**
 * What must be there before the first start, and survive every later one: the state directory and what is made in it.
 * Knows the settings; is known by the command line.
 */
@NullMarked
package io.postern.gateway.state;

import org.jspecify.annotations.NullMarked;
