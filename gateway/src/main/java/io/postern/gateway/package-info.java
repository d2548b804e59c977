/**
 * The gateway put together: {@code GatewayParts} wires, {@code Gateway} starts and stops, {@code FlowPipeline} is the life of a
 * flow. Composition only; may know every package below, and no package below knows it but {@code cli}.
 */
@NullMarked
package io.postern.gateway;

import org.jspecify.annotations.NullMarked;
