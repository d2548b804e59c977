/**
 * Whose flow is this, and where to? Reads what the client says first, verifies its tag, and hands down
 * {@code Tagged}. Knows no other stage; is known by {@code open} and {@code sniff}.
 */
@NullMarked
package io.postern.gateway.ingress;

import org.jspecify.annotations.NullMarked;
