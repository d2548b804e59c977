package io.postern.gateway.ingress;

import io.postern.wire.http.RequestForward;
import io.postern.wire.http.RequestHead;

/**
 * A request in absolute-form: its client speaks HTTP with the gateway itself.
 *
 * @param head as the client sent it
 * @param forward what goes on to the origin
 */
public record PlainRequest(RequestHead head, RequestForward.Ready forward) {}
