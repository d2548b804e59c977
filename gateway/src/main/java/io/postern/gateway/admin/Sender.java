package io.postern.gateway.admin;

import io.postern.gateway.access.Actor;
import java.net.InetAddress;

/**
 * Somebody who wants a change.
 *
 * @param request id of the request
 */
public record Sender(Actor actor, InetAddress peer, String request) {}
