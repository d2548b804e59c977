/**
 * How does a listener of our own speak HTTP? One request a connection, bounded in every direction; problems as RFC 9457 has
 * them. Knows no route and no credential; is known by the admin and the context listener.
 */
@NullMarked
package io.postern.gateway.http;

import org.jspecify.annotations.NullMarked;
