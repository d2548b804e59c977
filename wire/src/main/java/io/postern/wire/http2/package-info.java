/**
 * What does this HTTP/2 connection carry? Frames, header sections by HPACK and sizes, for both ends, without Netty and
 * within limits (RFC 9113, RFC 7541). Watches somebody else's connection: judges nothing and keeps no path.
 * Knows {@code http} for what is kept of a request.
 */
@NullMarked
package io.postern.wire.http2;

import org.jspecify.annotations.NullMarked;
