package io.postern.gateway.capture;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A finding whose app is captured.
 *
 * @param comment of the file
 * @param flows that may still be captured
 * @param gone whether nothing more is written: it is not to be kept
 * @param closed once its file is, where it is gone
 */
record Armed(
        String finding,
        long untilMillis,
        Path file,
        String comment,
        AtomicInteger flows,
        AtomicBoolean gone,
        CompletableFuture<Void> closed) {}
