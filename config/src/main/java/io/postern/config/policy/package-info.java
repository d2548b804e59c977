/**
 * What does the enterprise allow? The policy files as one immutable model.
 * Knows {@code analytics} for its words; is known by the gateway's judge.
 */
@NullMarked
package io.postern.config.policy;

import org.jspecify.annotations.NullMarked;
