package io.postern.tls.quic;

/**
 * The ciphers and digests Initials are opened with, and their buffers: about 10 KiB, dear to make and without memory of
 * any session. Not thread-safe: one per thread, for all watches of that thread.
 */
public final class InitialCipher {}
