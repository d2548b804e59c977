package io.postern.gateway.detect;

import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent.Outcome;
import io.postern.gateway.records.Exchanges;
import java.util.List;
import java.util.Optional;

/**
 * What one line about a flow tells detection: of its end, or of the hour since the line before.
 *
 * @param outcome empty while it lives
 * @param atMillis until when the line tells, Unix time; not before the flow's start
 * @param bytesOut device to world, since the start
 * @param bytesIn world to device, since the start
 * @param exchanges those since the flow's last line
 * @param questions those since the flow's last line
 */
public record FlowLine(
        Flow flow,
        Optional<Outcome> outcome,
        long atMillis,
        long bytesOut,
        long bytesIn,
        Exchanges exchanges,
        List<Question> questions) {

    public FlowLine {
        questions = List.copyOf(questions);
    }

    /**
     * A question of a flow that speaks DNS.
     *
     * @param name lower case, no trailing dot
     * @param type number of the RR type
     * @param rcode of the answer; negative when none was seen
     * @param bytesIn of the answer; 0 when that is not known
     */
    public record Question(long atMillis, String name, int type, int rcode, int bytesIn) {}

    /** The same with these questions. */
    public FlowLine asking(List<Question> asked) {
        return new FlowLine(flow, outcome, atMillis, bytesOut, bytesIn, exchanges, asked);
    }
}
