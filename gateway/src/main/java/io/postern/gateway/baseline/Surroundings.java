package io.postern.gateway.baseline;

import io.postern.analytics.baseline.Build;
import io.postern.analytics.baseline.Situation;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.AppTag;

/** What is known around a flow. Asked on the thread that learns. */
public interface Surroundings {

    /** Of the app when its flow began; unknown where nobody reports it. */
    Situation situation(AppKey key, long atMillis);

    /** Of the app on that device when its flow began; unknown where it was updated since, or nobody tells. */
    Build build(AppTag tag, long atMillis);

    /** Of the app, by policy; empty if it has none. */
    String category(String app);
}
