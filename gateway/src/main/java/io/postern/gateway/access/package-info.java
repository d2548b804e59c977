/**
 * Who asks the admin API, and what may they do? Tokens as salted hashes, client certificates, roles.
 * Knows no sockets; is known by {@code admin}, the commands and the composition.
 */
@NullMarked
package io.postern.gateway.access;

import org.jspecify.annotations.NullMarked;
