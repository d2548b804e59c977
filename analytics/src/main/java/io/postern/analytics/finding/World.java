package io.postern.analytics.finding;

import io.postern.analytics.Evidence;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What a {@link FindingBook} must know that stands elsewhere.
 *
 * @param domain the registrable domain of a destination; the destination itself where it has none
 * @param hard whether evidence is of the kind that nothing harmless shows, such as a violation of a written role
 */
public record World(UnaryOperator<String> domain, Predicate<Evidence> hard) {}
