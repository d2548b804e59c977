/**
 * The gateway put together: {@code Gateway} wires and binds, {@code FlowPipeline} is the life of a flow. Composition
 * only; may know every package below, and no package below knows it but {@code cli}.
 */
@NullMarked
package io.postern.gateway;

import org.jspecify.annotations.NullMarked;
