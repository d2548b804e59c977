package io.postern.analytics.state;

/**
 * Bytes of live flows that were counted with their exchanges, so that the end of a flow adds only the rest. A bounded
 * number of them: of a flow that was pushed out, the bytes of exchanges count twice. Not written anywhere: an hour's
 * matter.
 *
 * <pre>
 * word 0: hash of its uid, 0 if free     word 1: bytes out     word 2: bytes in
 * </pre>
 */
public final class LiveFlows {

    private static final int WORDS = 3;
    private static final int WAYS = 4;
    private static final int SMALLEST = 8;
    private static final int MOST = 64;

    private long[] flows = new long[0];
    private int turn;
    private long pushedOut;

    public void exchanged(String uid, long bytesOut, long bytesIn) {
        int at = find(uid);
        if (at < 0) {
            at = room(uid);
            flows[at] = hash(uid);
            flows[at + 1] = 0;
            flows[at + 2] = 0;
        }
        flows[at + 1] += Math.max(0, bytesOut);
        flows[at + 2] += Math.max(0, bytesIn);
    }

    /** @return where it is until another flow is told of, or -1 of one without exchanges */
    public int find(String uid) {
        return flows.length == 0 ? -1 : find(uid, hash(uid));
    }

    private int find(String uid, long wanted) {
        int at = home(uid);
        for (int way = 0; way < WAYS; way++, at += WORDS) {
            if (flows[at] == wanted) {
                return at;
            }
        }
        return -1;
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

    private int room(String uid) {
        if (flows.length == 0) {
            flows = new long[SMALLEST * WORDS];
        }
        int at = find(uid, 0);
        while (at < 0 && flows.length < MOST * WORDS) {
            grow();
            at = find(uid, 0);
        }
        if (at < 0) {
            pushedOut++;
            turn = (turn + 1) % WAYS;
            at = home(uid) + turn * WORDS;
        }
        return at;
    }

    /** A set of four becomes two, so that what was in it has room in one of them. */
    private void grow() {
        long[] before = flows;
        flows = new long[2 * before.length];
        for (int at = 0; at < before.length; at += WORDS) {
            if (before[at] != 0) {
                int to = home((int) before[at]);
                while (flows[to] != 0) {
                    to += WORDS;
                }
                System.arraycopy(before, at, flows, to, WORDS);
            }
        }
    }

    private int home(String uid) {
        return home((int) hash(uid));
    }

    private int home(int hash) {
        int sets = flows.length / (WORDS * WAYS);
        return (((hash * 0x9E3779B9) >>> 16) & (sets - 1)) * WORDS * WAYS;
    }

    private static long hash(String uid) {
        return ((long) uid.length() << 32) | (uid.hashCode() & 0xFFFFFFFFL);
    }

    public long bytes() {
        return 16L + 8L * flows.length;
    }
}
