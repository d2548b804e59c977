package io.postern.gateway.whatif;

import io.postern.gateway.rules.FactSource;
import io.postern.gateway.rules.Match;
import io.postern.gateway.rules.Question;
import java.time.Instant;
import java.util.List;

/**
 * A flow as its last line tells of it.
 *
 * @param at its start
 * @param facts known of its device and app then
 * @param told whether there were any
 * @param found what findings said of it then
 */
record Recorded(Question question, Instant at, FactSource facts, boolean told, List<Match> found) {}
