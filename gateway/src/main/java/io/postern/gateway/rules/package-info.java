/**
 * May this be? Written policy and the protection of the network, asked as pure questions with pure answers.
 * Knows no channel and no stage; is asked by {@code open} (before anything is dialled) and {@code judge} (once it is
 * known what is spoken, and whenever policy changes).
 */
@NullMarked
package io.postern.gateway.rules;

import org.jspecify.annotations.NullMarked;
