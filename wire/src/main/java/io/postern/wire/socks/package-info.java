/**
 * What does this SOCKS client ask for? Version 5 (RFC 1928) with user name and password (RFC 1929), one parser per
 * message; whoever speaks another version is {@link io.postern.wire.Parse.NotThis}.
 */
@NullMarked
package io.postern.wire.socks;

import org.jspecify.annotations.NullMarked;
