/**
 * What does this HTTP/1 message say, where does it end, and may it be passed on? (RFC 9110, RFC 9112.)
 *
 * <p>The gateway's own line of defence on the data path. A head that cannot be read strictly is
 * {@link io.postern.wire.Parse.Malformed}; one that can is graded by {@link io.postern.wire.http.Conformance}, and what
 * goes on is always written anew by {@link io.postern.wire.http.Forwarding}. In somebody else's stream
 * {@link io.postern.wire.http.HttpOpeningParser} only recognises, and grades nothing.
 */
@NullMarked
package io.postern.wire.http;

import org.jspecify.annotations.NullMarked;
