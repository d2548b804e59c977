/**
 * The command line: one small class per command. Knows the gateway and its settings; nothing knows it.
 */
@NullMarked
package io.postern.gateway.cli;

import org.jspecify.annotations.NullMarked;
