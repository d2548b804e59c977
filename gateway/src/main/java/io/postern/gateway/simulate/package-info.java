/**
 * A simulated fleet as the files a gateway and its sources would have left: flow records, facts, tags, and the labels beside
 * them. Knows {@code records} and the analytics' fleet; is known by the command.
 */
@NullMarked
package io.postern.gateway.simulate;

import org.jspecify.annotations.NullMarked;
