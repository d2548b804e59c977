/**
 * What can an operator ask for on the command line? One small class per command; exit 0 well, 1 failed, 2 bad usage or
 * configuration.
 * Knows every package of the gateway; is known by none.
 */
@NullMarked
package io.postern.gateway.cli;

import org.jspecify.annotations.NullMarked;
