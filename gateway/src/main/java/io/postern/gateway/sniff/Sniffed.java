package io.postern.gateway.sniff;

import io.netty.buffer.ByteBuf;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.open.Opened;
import io.postern.gateway.recognise.Tap;
import java.util.Optional;

/**
 * Handed down by sniff: what the flow speaks. Whoever receives it owns the bytes and the tap.
 *
 * @param fromClient sent by the client and not yet forwarded
 * @param fromServer sent by the server and not yet forwarded
 * @param tap to be shown all bytes from here on, those two first
 */
public record Sniffed(
        Opened opened, Recognised recognised, Optional<ByteBuf> fromClient, Optional<ByteBuf> fromServer, Tap tap) {

    public void release() {
        fromClient.ifPresent(ByteBuf::release);
        fromServer.ifPresent(ByteBuf::release);
        tap.close();
    }
}
