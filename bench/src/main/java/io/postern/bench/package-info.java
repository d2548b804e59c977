/** What does one step of a flow cost, by itself? JMH; the whole flow's cost is {@code bench/ratio}'s to say. */
@NullMarked
package io.postern.bench;

import org.jspecify.annotations.NullMarked;
