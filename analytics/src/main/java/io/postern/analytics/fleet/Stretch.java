package io.postern.analytics.fleet;

/** An app in the foreground, from to to. */
record Stretch(int app, long from, long to) {}
