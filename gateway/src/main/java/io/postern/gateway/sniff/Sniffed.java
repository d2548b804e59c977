package io.postern.gateway.sniff;

import io.netty.buffer.ByteBuf;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.open.Opened;
import java.util.Optional;

/**
 * Handed down by sniff: what the flow speaks. Whoever receives it owns the bytes.
 *
 * @param fromClient sent by the client and not yet forwarded
 * @param fromServer sent by a server that spoke first
 */
public record Sniffed(
        Opened opened, Recognised recognised, Optional<ByteBuf> fromClient, Optional<ByteBuf> fromServer) {

    public void release() {
        fromClient.ifPresent(ByteBuf::release);
        fromServer.ifPresent(ByteBuf::release);
    }
}
