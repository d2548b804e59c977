/**
 * For whom does this load balancer or concentrator speak? The PROXY protocol, version 2 only
 * (haproxy's {@code proxy-protocol.txt}); whoever sends version 1 or no header is
 * {@link io.postern.wire.Parse.NotThis}.
 */
@NullMarked
package io.postern.wire.proxy;

import org.jspecify.annotations.NullMarked;
