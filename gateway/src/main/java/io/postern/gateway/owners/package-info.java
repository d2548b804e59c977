/**
 * Which app has a flow, as somebody on the device says apart from the flow itself? Joins what is reported to flows that
 * live, that have just ended, or that are still to come. Knows {@code flows}; is known by the composition and by those who
 * bring reports.
 */
@NullMarked
package io.postern.gateway.owners;

import org.jspecify.annotations.NullMarked;
