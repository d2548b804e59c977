/**
 * What can be handed to others and still be believed: bundles of files with a signed manifest, and whether one is as it was
 * made. Knows no sockets; is known by the commands and the composition.
 */
@NullMarked
package io.postern.gateway.evidence;

import org.jspecify.annotations.NullMarked;
