package io.postern.gateway.http;

import io.netty.channel.ChannelHandlerContext;
import java.util.function.BiConsumer;

/**
 * A stream of events.
 *
 * @param begin takes over the connection, given the request's id; on its event loop
 */
public record Following(BiConsumer<ChannelHandlerContext, String> begin) implements Reply {}
