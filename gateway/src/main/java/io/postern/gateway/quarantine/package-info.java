/**
 * Apps, profiles and devices in quarantine, and the kill switch: kept over restarts, looked up for every flow. Knows no
 * channel and no stage; whoever is told of a change has live flows judged again.
 */
@NullMarked
package io.postern.gateway.quarantine;

import org.jspecify.annotations.NullMarked;
