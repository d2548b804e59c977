package io.postern.gateway.admin;

import io.postern.gateway.records.FlowRecord;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The flows that live, asked of their own event loops. */
public interface LiveFlows {

    /**
     * Those that began last, newest first.
     *
     * @param before only flows whose id sorts before this; empty: all
     * @param limit at most
     */
    CompletionStage<List<FlowRecord>> newest(FlowFilter filter, String before, int limit);
}
