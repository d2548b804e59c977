package io.postern.dns.validate;

import io.postern.dns.forward.Loss;
import io.postern.dns.message.QuestionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * The checking of one answer: where it runs, and what it may cost at most. The validator hands it on to whatever it asks,
 * so all that belongs to one answer is counted together. Whoever owns a zone can make his answers as dear as he likes
 * (CVE-2023-50387, CVE-2023-50868).
 *
 * <p>Its steps come one after the other.
 */
final class Work implements Executor {

    /** Eight aliases, each in a zone three below the root: a DS and a DNSKEY of each, and the answer. */
    static final int MOST_QUESTIONS = 64;

    /** Of one message; an answer of eight aliases has nine, a proof by NSEC3 four, twice as many while keys change. */
    static final int MOST_SIGNATURES_EACH = 32;

    static final int MOST_SIGNATURES = 256;

    private final Executor executor;
    private final List<QuestionKey> asked = new ArrayList<>();
    private int signatures;
    private long leastSeconds = Long.MAX_VALUE;
    private boolean expired;
    private boolean early;
    private @Nullable Loss loss;
    private volatile boolean over;

    Work(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable step) {
        try {
            executor.execute(step);
        } catch (RejectedExecutionException full) {
            lost(Loss.OVERLOAD);
            throw full;
        }
    }

    /** Nobody waits for it any more: nothing else is asked. */
    void giveUp() {
        over = true;
    }

    /** Whether one more question may be asked. */
    synchronized boolean mayAsk(QuestionKey key) {
        if (over) {
            lost(Loss.TIMEOUT);
            return false;
        }
        if (asked.size() == MOST_QUESTIONS) {
            lost(Loss.BOGUS);
            return false;
        }
        asked.add(key);
        return true;
    }

    /** Whether what was answered may be checked. */
    synchronized boolean mayCheck(Message message, long nowSeconds) {
        int here = 0;
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
            for (Record record : message.getSection(section)) {
                if (record instanceof RRSIGRecord signature) {
                    here++;
                    expired |= signature.getExpire().getEpochSecond() < nowSeconds;
                    early |= signature.getTimeSigned().getEpochSecond() > nowSeconds;
                    until(signature, nowSeconds);
                }
            }
        }
        signatures += here;
        if (here > MOST_SIGNATURES_EACH || signatures > MOST_SIGNATURES) {
            lost(Loss.BOGUS);
            return false;
        }
        return true;
    }

    /** RFC 4035 section 5.3.3: what is signed is good no longer than its signature, and than the owner has said. */
    private void until(RRSIGRecord signature, long nowSeconds) {
        if (asked.size() == 1) {
            long left = signature.getExpire().getEpochSecond() - nowSeconds;
            leastSeconds = Math.min(leastSeconds, Math.max(0, Math.min(left, signature.getOrigTTL())));
        }
    }

    /** Why something that was needed is not there; the first one counts. */
    synchronized void lost(Loss why) {
        if (loss == null) {
            loss = why;
        }
    }

    synchronized @Nullable Loss loss() {
        return loss;
    }

    /** What was the matter with signatures, where the validator says no more than that they do not hold. */
    synchronized Loss reason(Loss said) {
        return said != Loss.BOGUS
                ? said
                : expired ? Loss.SIGNATURE_EXPIRED : early ? Loss.SIGNATURE_NOT_YET_VALID : said;
    }

    /** Seconds that the signatures of the answer itself allow. */
    synchronized long leastSeconds() {
        return leastSeconds;
    }

    /** All that was asked, to be asked again when it was no good. */
    synchronized List<QuestionKey> asked() {
        return List.copyOf(asked);
    }
}
