package io.postern.gateway.flows;

import io.postern.dns.message.DnsFacts;
import java.util.ArrayList;
import java.util.List;

/**
 * What one flow has asked DNS for since this was last taken, the first of it; an answer is put beside its
 * question.
 */
public final class Questions {

    /** Of a flow that lives: a look a second takes them, and who asks for more in one is known for it by these. */
    static final int MOST = 64;

    private static final int NO_ANSWER = -1;

    /**
     * One question.
     *
     * @param offsetMillis since the flow was opened
     * @param type number of the RR type
     * @param rcode of the answer; negative while none was seen
     * @param bytesIn of the answer
     */
    public record Asked(long offsetMillis, String name, int type, int rcode, int bytesIn) {}

    private final List<Asked> all = new ArrayList<>(1);
    private final int most;

    /** @param most what is beyond is left out */
    public Questions(int most) {
        this.most = most;
    }

    public void asked(DnsFacts.Question what, long offsetMillis) {
        if (all.size() < most) {
            all.add(new Asked(offsetMillis, what.name(), what.type(), NO_ANSWER, 0));
        }
    }

    public void answered(DnsFacts.Question what, int rcode, int bytes) {
        for (int i = 0; i < all.size(); i++) {
            Asked one = all.get(i);
            if (one.rcode == NO_ANSWER && one.type == what.type() && one.name.equals(what.name())) {
                all.set(i, new Asked(one.offsetMillis, one.name, one.type, rcode, bytes));
                return;
            }
        }
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    public List<Asked> all() {
        return List.copyOf(all);
    }

    public void clear() {
        all.clear();
    }
}
