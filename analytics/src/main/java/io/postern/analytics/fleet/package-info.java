/**
 * What would a fleet's flows and facts look like? Devices whose users sleep, commute and work, the apps they carry and the
 * implants some of them hide, by seed and with labels. Knows {@code flow} and {@code context}; is known by the evaluation and
 * by the gateway's commands. What stands behind the numbers is in {@code docs/analytics/fleet.md}.
 */
@NullMarked
package io.postern.analytics.fleet;

import org.jspecify.annotations.NullMarked;
