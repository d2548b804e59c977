/**
 * What must be there before the first start, and survive every later one: the state directory, what is made in it, and the
 * embedded store. Knows the settings; is known by whoever keeps something.
 */
@NullMarked
package io.postern.gateway.state;

import org.jspecify.annotations.NullMarked;
