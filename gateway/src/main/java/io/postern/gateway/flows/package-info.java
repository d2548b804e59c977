/**
 * Which flows are alive? What is known of each, when its time is up, and the one place where each of them ends.
 * Every stage tells a flow what it learnt; knows no stage.
 */
@NullMarked
package io.postern.gateway.flows;

import org.jspecify.annotations.NullMarked;
