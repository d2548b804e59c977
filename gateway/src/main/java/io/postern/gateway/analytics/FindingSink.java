package io.postern.gateway.analytics;

import io.postern.analytics.detect.Finding;

/** Where findings go. Told on the home's thread, which it must not hold up; of one device in order. */
public interface FindingSink {

    void found(Finding finding);
}
