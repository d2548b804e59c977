/**
 * Whose flow is it? Credentials of every way in, what they prove, and whether that is taken. Knows no Netty: what a
 * client shows comes in as values, and what it proves goes out as an {@code AppTag}.
 */
@NullMarked
package io.postern.gateway.identity;

import org.jspecify.annotations.NullMarked;
