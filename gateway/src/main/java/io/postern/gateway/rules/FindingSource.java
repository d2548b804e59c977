package io.postern.gateway.rules;

import java.util.List;

/** What open findings say of a flow. Event loops ask at every judgement, so an answer must not wait for anything. */
public interface FindingSource {

    /** Nothing was found. */
    FindingSource NOBODY = question -> List.of();

    /** One for each analytic that speaks of it, of rank {@link Precedence#ANALYTIC}. */
    List<Match> of(Question question);
}
