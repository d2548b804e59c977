package io.postern.analytics.state;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.util.Arrays;

/**
 * Bytes of live flows that were counted with their exchanges, so that the end of a flow adds only the rest. A bounded ring:
 * of a flow that was pushed out, the bytes of exchanges count twice. Not written anywhere: an hour's matter.
 *
 * <pre>
 * word 0: hash of its uid, 0 if free     word 1: bytes out     word 2: bytes in
 * </pre>
 */
public final class LiveFlows {

    private static final int WORDS = 3;
    private static final int SMALLEST = 8;
    private static final int MOST = 64;
    private static final Hasher64 HASHER = Hashing.komihash5_0();

    private long[] flows = new long[0];
    private int next;
    private long pushedOut;

    public void exchanged(String uid, long bytesOut, long bytesIn) {
        long hash = hash(uid);
        int at = find(hash);
        if (at < 0) {
            at = room();
            flows[at] = hash;
            flows[at + 1] = 0;
            flows[at + 2] = 0;
        }
        flows[at + 1] += Math.max(0, bytesOut);
        flows[at + 2] += Math.max(0, bytesIn);
    }

    /** @return where it is until another flow is told of, or -1 of one without exchanges */
    public int find(String uid) {
        return find(hash(uid));
    }

    public long countedOut(int at) {
        return flows[at + 1];
    }

    public long countedIn(int at) {
        return flows[at + 2];
    }

    public void closed(int at) {
        flows[at] = 0;
    }

    /** Flows that were live still. */
    public long pushedOut() {
        return pushedOut;
    }

    private int find(long hash) {
        for (int at = 0; at < flows.length; at += WORDS) {
            if (flows[at] == hash) {
                return at;
            }
        }
        return -1;
    }

    private int room() {
        int at = find(0);
        if (at >= 0) {
            return at;
        }
        if (flows.length < MOST * WORDS) {
            at = flows.length;
            flows = Arrays.copyOf(flows, Math.max(SMALLEST * WORDS, 2 * flows.length));
            return at;
        }
        pushedOut++;
        next = (next + WORDS) % flows.length;
        return next;
    }

    private static long hash(String uid) {
        long hash = HASHER.hashCharsToLong(uid);
        return hash == 0 ? 1 : hash;
    }

    public long bytes() {
        return 16L + 8L * flows.length;
    }
}
