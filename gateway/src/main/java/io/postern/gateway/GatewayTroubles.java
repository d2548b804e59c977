package io.postern.gateway;

import io.postern.analytics.flow.AppTag;
import io.postern.config.ExceptionSettings.Condition;
import io.postern.gateway.admin.Health;
import io.postern.gateway.analytics.Homes;
import io.postern.gateway.context.DeviceContexts;
import io.postern.gateway.rules.Troubles;
import io.postern.gateway.state.WatchedStore;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at detection, at the store and at context for whoever judges a flow. */
final class GatewayTroubles implements Troubles {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayTroubles.class);

    private final WatchedStore store;
    private final Optional<DeviceContexts> facts;
    private final Clock clock;
    /** Once they are made, which is after whoever asks. */
    private volatile Optional<Homes> homes = Optional.empty();

    GatewayTroubles(WatchedStore store, Optional<DeviceContexts> facts, Clock clock) {
        this.store = store;
        this.facts = facts;
        this.clock = clock;
    }

    void detection(Optional<Homes> all) {
        homes = all;
    }

    void health(Health health) {
        health.note("state cannot be written: what changes is in force until the process ends", store::down);
    }

    /** A store that is down is tried, so that it is noticed when it is up again. Not for an event loop. */
    void look() {
        if (!store.down()) {
            return;
        }
        try {
            store.sync();
            LOG.info("state can be written again");
        } catch (IOException e) {
            LOG.debug("state still cannot be written: {}", e.toString());
        }
    }

    @Override
    public boolean hold(Condition condition, AppTag tag) {
        return switch (condition) {
            case ANALYTICS_QUEUE ->
                tag.attributed() && homes.isPresent() && homes.get().crowded(tag.device());
            case ANALYTICS_CRASH ->
                tag.attributed() && homes.isPresent() && homes.get().failing(tag.device());
            case STORE_DOWN -> store.down();
            case CONTEXT_MISSING ->
                tag.attributed() && facts.isPresent() && !facts.get().knowsAnything(tag, clock.millis());
            case PARSE_ERROR, SNIFF_CAP, MEMORY_BUDGET, DNS_DOWN, UNKNOWN_PROTOCOL, HIDDEN_NAME -> false;
        };
    }
}
