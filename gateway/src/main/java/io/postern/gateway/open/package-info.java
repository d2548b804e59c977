/**
 * May it be dialled? Resolves, judges every address, dials the judged ones and answers the client.
 * Knows {@code ingress} for {@code Tagged}; is known by {@code sniff} for {@code Opened}.
 */
@NullMarked
package io.postern.gateway.open;

import org.jspecify.annotations.NullMarked;
