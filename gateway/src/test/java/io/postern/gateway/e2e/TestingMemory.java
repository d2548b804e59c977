package io.postern.gateway.e2e;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;

/** What the gateways in this JVM keep in buffers, reserves of the allocator included. */
final class TestingMemory {

    private TestingMemory() {}

    static long used() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
