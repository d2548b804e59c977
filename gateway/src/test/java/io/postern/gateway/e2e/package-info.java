/** The whole gateway, over real sockets on loopback. */
@NullMarked
package io.postern.gateway.e2e;

import org.jspecify.annotations.NullMarked;
