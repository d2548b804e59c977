/**
 * What does a response policy zone say of names and addresses? Reads its files; keeps nothing.
 * Knows {@code names} for what is said; is known by config for lists.
 */
@NullMarked
package io.postern.dns.rpz;

import org.jspecify.annotations.NullMarked;
