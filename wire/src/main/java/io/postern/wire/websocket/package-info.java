/**
 * What frames does this WebSocket carry, and which rules do they break? Streaming: payloads are passed over, never
 * looked at and never kept. Knows only the JDK.
 */
@NullMarked
package io.postern.wire.websocket;

import org.jspecify.annotations.NullMarked;
