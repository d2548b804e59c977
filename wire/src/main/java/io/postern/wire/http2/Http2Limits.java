package io.postern.wire.http2;

/**
 * Bounds on what the ends of an HTTP/2 connection make its watcher hold and do.
 *
 * @param block bytes of one field block over all its frames, as sent
 * @param section bytes of the fields of one block, decoded, with 32 for each
 * @param continuations frames that continue one block
 * @param table bytes of the largest HPACK table that is followed; what is remembered of it is less
 */
public record Http2Limits(int block, int section, int continuations, int table) {

    public static final Http2Limits DEFAULTS = new Http2Limits(32 * 1024, 64 * 1024, 16, 64 * 1024);

    public Http2Limits {
        if (block < 1024 || section < 1024 || continuations < 1 || table < 4096) {
            throw new IllegalArgumentException("limits are " + block + ", " + section + ", " + continuations + ", "
                    + table + ", must be at least 1024, 1024, 1, 4096");
        }
    }
}
