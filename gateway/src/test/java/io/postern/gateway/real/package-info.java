/**
 * The product as its users run it: {@code ./postern} as a process of its own, with clients and servers others wrote.
 * Knows nothing of the gateway's classes; what it sees is what an operator sees.
 */
@NullMarked
package io.postern.gateway.real;

import org.jspecify.annotations.NullMarked;
