/**
 * The product as its users run it: {@code ./postern} as a process of its own, with clients and servers others wrote.
 * Knows nothing of the gateway's classes; what it sees is what an operator sees. Only where findings are needed at will does
 * the gateway run in the test's own process ({@code Blocks}).
 */
@NullMarked
package io.postern.gateway.real;

import org.jspecify.annotations.NullMarked;
