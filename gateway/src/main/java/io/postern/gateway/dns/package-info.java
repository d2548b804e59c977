/**
 * What may devices ask, and what are they told? The gateway's own resolver: its way in for questions and its way out to
 * the servers. Knows {@code ingress} for how many connections a client may hold, {@code identity} for whose a question is,
 * and the library {@code dns} for everything a message says.
 */
@NullMarked
package io.postern.gateway.dns;

import org.jspecify.annotations.NullMarked;
