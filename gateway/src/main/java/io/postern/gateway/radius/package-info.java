/**
 * Who has which inner address, as the VPN's servers tell it by RADIUS accounting? Genuine, fresh and ours is asked here of
 * every packet; who has what is handed to {@code identity}. On a thread of its own.
 */
@NullMarked
package io.postern.gateway.radius;

import org.jspecify.annotations.NullMarked;
